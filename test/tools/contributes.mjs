// Writes the manifest parts that src/extension/manifest.ts describes into package.json, and their English texts into
// package.nls.json. Translations (package.nls.<language>.json) are written by hand; a test finds what they lack.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import esbuild from 'esbuild';

const { outputFiles } = await esbuild.build({
  entryPoints: ['src/extension/manifest.ts'],
  bundle: true,
  write: false,
  format: 'esm',
});
const { activationEvents, capabilities, contributes, manifestTexts } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

function writeJson(path, value) {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
Object.assign(manifest, {
  main: './dist/extension.js',
  icon: 'media/icon.png',
  l10n: './l10n',
  extensionKind: ['workspace'],
  activationEvents,
  capabilities,
  contributes: contributes(),
});
writeJson('package.json', manifest);
writeJson('package.nls.json', manifestTexts());
