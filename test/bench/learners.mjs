// Every part of the learners' benchmark: `npm run bench learners`, or one by `npm run bench learners-<part>`; `npm run bench
// learners forest linear …` runs those.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const parts = readdirSync(here).filter(
  (file) => /^learners-.*\.mjs$/.test(file) && (wanted.length === 0 || wanted.includes(file.slice(9, -4))),
);
const statuses = parts.map(
  (part) => spawnSync(process.execPath, [join(here, part)], { stdio: 'inherit' }).status ?? 1,
);
process.exit(Math.max(0, ...statuses));
