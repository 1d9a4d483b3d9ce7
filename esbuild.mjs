// Builds the bundles: extension host, CLI (also coordinator), worker, query worker, webview. `--watch` rebuilds on change;
// `--production` minifies; `--out=<folder>` writes elsewhere than dist.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import esbuild from 'esbuild';
import { buildKernels } from './test/tools/build-kernels.mjs';
import { writeSchema } from './test/tools/write-schema.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const out = process.argv.find((argument) => argument.startsWith('--out='))?.slice('--out='.length) ?? 'dist';
const require = createRequire(import.meta.url);

const shared = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'info',
  legalComments: 'none',
};

const node = {
  ...shared,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outdir: out,
  external: ['vscode', '@tensorflow/tfjs-node'],
  // A bundle that is loaded later is required: as a module of another kind it would be searched for its exports first.
  supported: { 'dynamic-import': false },
};

/**
 * Bundles of their own: the language of experiment files, the forms of messages and the sentences to translate, which the
 * editor need not read to start,
 * and the program of the command, which is compiled once on a machine.
 */
const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve(
      { filter: /\/(file-language|outside-forms|program|sentence-templates)$/ },
      ({ kind, path }) =>
        kind === 'dynamic-import' ? { path: `./${basename(path)}.js`, external: true } : undefined,
    );
  },
};

/** The editor's interface is wrapped once, not in every file that imports it: it has hundreds of names, and this is done at start. */
const once = {
  name: 'once',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'once' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'once' },
    );
    build.onLoad({ filter: /./, namespace: 'once' }, () => ({ contents: `export * from 'vscode'` }));
  },
};

const builds = [
  {
    ...node,
    plugins: [apart, once],
    entryPoints: {
      extension: 'src/extension/extension.ts',
      'file-language': 'src/extension/file-language.ts',
      'outside-forms': 'src/extension/outside-forms.ts',
      'sentence-templates': 'src/protocol/sentence-templates.ts',
      cli: 'src/cli/main.ts',
      program: 'src/cli/program.ts',
      worker: 'src/jobs/worker.ts',
      'kernel-thread': 'src/jobs/kernel-thread.ts',
      thread: 'src/jobs/thread.ts',
      query: 'src/jobs/query-worker.ts',
    },
  },
  {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    entryPoints: { panel: 'webview/panel.ts' },
    outdir: join(out, 'webview'),
    loader: { '.ttf': 'file' },
    tsconfig: 'webview/tsconfig.json',
  },
];

/** Files that ship beside the bundles: the WebAssembly kernels of TensorFlow.js and the icon font. */
function copyAssets() {
  const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
  mkdirSync(join(out, 'wasm'), { recursive: true });
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    cpSync(join(wasm, name), join(out, 'wasm', name));
  }
}

/** Says when a watch build starts and ends, for the problem matcher of .vscode/tasks.json. */
const announce = {
  name: 'announce',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(() => console.log('[watch] build finished'));
  },
};

if (!watch) rmSync(out, { recursive: true, force: true });
copyAssets();
await Promise.all([buildKernels(join(out, 'wasm')), writeSchema(out)]);
if (watch) {
  for (const build of builds)
    await (await esbuild.context({ ...build, plugins: [...(build.plugins ?? []), announce] })).watch();
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
}
