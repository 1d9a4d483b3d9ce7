// `npm run demo`: trains the penguins experiment in child processes and says where everything is.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoExperiment, prepareDemo } from './prepare.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
prepareDemo();
const { status } = spawnSync(
  process.execPath,
  [join(root, 'dist', 'cli.js'), 'run', demoExperiment, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (status === 0) {
  console.log(`
The experiment   ${demoExperiment}
Its runs         node dist/cli.js runs --store ${join(dirname(demoExperiment), '.taskweave')}
In VS Code       npm run vscode   (desktop \`code\` when it is installed, else a VS Code in the browser)`);
}
process.exit(status ?? 1);
