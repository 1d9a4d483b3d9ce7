// Writes the manifest parts that src/extension/contributions.ts describes into package.json.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import esbuild from 'esbuild';

const { code } = await esbuild.transform(readFileSync('src/extension/contributions.ts', 'utf8'), {
  loader: 'ts',
});
const { activationEvents, capabilities, contributes } = await import(
  `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
);

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
Object.assign(manifest, {
  main: './dist/extension.js',
  icon: 'media/icon.png',
  extensionKind: ['workspace'],
  activationEvents,
  capabilities,
  contributes: contributes(),
});
writeFileSync('package.json.new', `${JSON.stringify(manifest, null, 2)}\n`);
renameSync('package.json.new', 'package.json');
