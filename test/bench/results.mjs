// RESULTS.md has one section a benchmark; running one anew replaces its own section.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = join(dirname(fileURLToPath(import.meta.url)), 'RESULTS.md');
const HEAD = '# Benchmarks\n\nWritten by `npm run bench <name>`; a section a benchmark.\n';

export function writeSection(name, text) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : HEAD;
  const [head, ...sections] = before.split(/^(?=## )/m);
  const section = `## ${name}\n\n${text.trim()}\n\n`;
  const at = sections.findIndex((one) => one.startsWith(`## ${name}\n`));
  if (at < 0) sections.push(section);
  else sections[at] = section;
  writeFileSync(path, `${[head, ...sections].map((part) => part.trimEnd()).join('\n\n')}\n`);
}
