// Every part of the learners' benchmark: `npm run bench learners`, or one by `npm run bench learners-<part>`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const parts = readdirSync(here).filter((file) => /^learners-.*\.mjs$/.test(file));
const statuses = parts.map(
  (part) => spawnSync(process.execPath, [join(here, part)], { stdio: 'inherit' }).status ?? 1,
);
process.exit(Math.max(0, ...statuses));
