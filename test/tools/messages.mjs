// Texts that people read in the extension: every literal handed to `t(…)` of src/protocol/l10n.ts, and the words beside them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOMS = ['src/extension', 'src/protocol', 'src/io/report', 'src/cli', 'webview'];

/** Every English text, in order, each once. @param {string} root */
export function messages(root) {
  const literals = /(?<![\w.])t\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g;
  return found(root, ROOMS, literals, (text) =>
    JSON.parse(`"${text.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`),
  );
}

/** What is counted in words: `fit` of `count(3, 'fit')`. @param {string} root */
export function nouns(root) {
  return found(root, ROOMS, /(?<![\w.])count\([^;{]*?, '([a-z ]+)'\)/g);
}

/** Heads of the tables that the query worker makes. @param {string} root */
export function columnLabels(root) {
  return found(root, ['src/jobs/queries'], /label: '([^']+)'/g);
}

/** Everything that is written in a room, as one text. @param {string} root @param {string} room */
export function sources(root, room) {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('l10n.ts'))
    .map((name) => readFileSync(join(root, room, name), 'utf8'))
    .join('\n');
}

/**
 * The first group of a pattern, wherever it is found; in order, each once.
 * @param {string} root
 * @param {readonly string[]} rooms
 * @param {RegExp} pattern
 */
function found(root, rooms, pattern, read = (/** @type {string} */ text) => text) {
  const all = rooms.flatMap((room) => [...sources(root, room).matchAll(pattern)]);
  return [...new Set(all.map(([, one, other]) => read(one ?? other)))].sort();
}
