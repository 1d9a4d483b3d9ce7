// `npm run vscode`: opens the demo in VS Code. Desktop `code` when it is installed; else a VS Code server on this
// machine with the packed extension installed, to be opened in a browser.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { harnessFolder, harnessPrograms, installHarness } from '../harness/install.mjs';
import { pack } from '../tools/pack.mjs';
import { demoExperiment, demoFolder, prepareDemo } from './prepare.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
prepareDemo();

if (spawnSync('code', ['--version'], { stdio: 'ignore' }).status === 0) {
  spawn('code', [`--extensionDevelopmentPath=${root}`, demoFolder, demoExperiment], {
    stdio: 'ignore',
    detached: true,
  }).unref();
  console.log(`Opened ${demoExperiment} in VS Code, with Taskweave loaded from this checkout.`);
} else {
  openInBrowser();
}

function openInBrowser() {
  try {
    installHarness();
  } catch (error) {
    console.error(
      `No desktop VS Code here (\`code\` is not on the PATH), and the one in a browser cannot start:\n${error.message}`,
    );
    process.exit(1);
  }
  const vsix = join(root, 'out', 'taskweave.vsix');
  pack(vsix);
  const common = [
    harnessPrograms.server,
    '--accept-server-license-terms',
    '--server-data-dir',
    join(harnessFolder, 'demo-data'),
    '--extensions-dir',
    join(harnessFolder, 'demo-extensions'),
  ];
  const installed = spawnSync(harnessPrograms.node, [...common, '--install-extension', vsix, '--force'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (installed.status !== 0) process.exit(installed.status ?? 1);
  const server = spawn(
    harnessPrograms.node,
    [
      ...common,
      '--host',
      '127.0.0.1',
      '--port',
      process.env.PORT ?? '0',
      '--without-connection-token',
      '--telemetry-level',
      'off',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  server.stdout.on('data', (chunk) => {
    const port = /Extension host agent listening on (\d+)/.exec(chunk.toString())?.[1];
    if (!port) return;
    console.log(
      `\nVS Code with Taskweave: http://127.0.0.1:${port}/?folder=${encodeURIComponent(demoFolder)}\nOpen that address in a browser, then penguins.mtl.yaml. Stop with Ctrl+C.`,
    );
  });
  server.once('exit', (code) => process.exit(code ?? 0));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill(signal));
}
