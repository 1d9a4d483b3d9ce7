// Texts that people read in the extension: every literal handed to `t(…)` of src/protocol/l10n.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOMS = ['src/extension', 'src/protocol'];

/** Every English text, in order, each once. @param {string} root */
export function messages(root) {
  const found = new Set();
  for (const room of ROOMS) {
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('l10n.ts')) continue;
      const source = readFileSync(join(root, room, name), 'utf8');
      for (const [, single, double] of source.matchAll(
        /(?<![\w.])t\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g,
      )) {
        found.add(JSON.parse(`"${(single ?? double).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`));
      }
    }
  }
  return [...found].sort();
}
