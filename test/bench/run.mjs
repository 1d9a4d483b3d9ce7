// `npm run bench <name> [arguments]` runs test/bench/<name>.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [name, ...rest] = process.argv.slice(2);
const script = join(here, `${name}.mjs`);
if (!name || !existsSync(script)) {
  const names = readdirSync(here)
    .filter((file) => file.endsWith('.mjs') && !['run.mjs', 'results.mjs'].includes(file))
    .map((file) => file.slice(0, -4));
  console.error(`Say which benchmark to run: ${names.join(', ')}.`);
  process.exit(2);
}
process.exit(spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit' }).status ?? 1);
