import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** How esbuild bundles the suite that runs inside VS Code's extension host. */
export const hostSuite = {
  entryPoints: [join(root, 'test', 'host', 'index.ts')],
  outfile: join(root, 'test', 'output', 'host', 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: 'inline',
  external: ['vscode', 'mocha'],
  logLevel: 'warning',
};
