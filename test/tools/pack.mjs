// `npm run package [-- <file.vsix>]`: a production build, packed as it is installed. The checkout's own dist stays as it is.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PACKED = [
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
  'media',
  'l10n',
];

/** Builds for production in a folder of its own and packs that into `file`. */
export function pack(file) {
  const folder = mkdtempSync(join(tmpdir(), 'tw-pack-'));
  try {
    for (const name of PACKED) cpSync(join(root, name), join(folder, name), { recursive: true });
    run(process.execPath, ['esbuild.mjs', '--production', `--out=${join(folder, 'dist')}`], root);
    mkdirSync(dirname(resolve(file)), { recursive: true });
    const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    // Links of the README stay relative: where the sources are published is not known here.
    const flags = ['--no-dependencies', '--no-rewrite-relative-links'];
    run(process.execPath, [vsce, 'package', ...flags, '--out', resolve(file)], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`\`${args.join(' ')}\` failed (exit ${status}):\n${stdout}${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = process.argv[2] ?? join(root, `${name}-${version}.vsix`);
  pack(file);
  console.log(`Packed ${resolve(file)}`);
}
