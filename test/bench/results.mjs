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

/**
 * Rows of a table ('| … |' each) in the place of those of a section that begin with the same cells; rows that were not
 * measured anew stay.
 */
export function renewRows(name, rows, cells = 1) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const section = before.split(/^(?=## )/m).find((one) => one.startsWith(`## ${name}\n`)) ?? '';
  const old = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  const key = (row) => row.split('|', cells + 1).join('|');
  const renewed = new Map([...old, ...rows].map((row) => [key(row), row]));
  return [...renewed.values()];
}
