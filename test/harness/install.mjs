// Installs what the suites need to drive a real VS Code, on demand: Debian packages (root only), code-server and a
// Node with its headers in test/.cache/vscode. Does nothing when all of it is there. Runs on any Node ≥ 20.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const harnessFolder = join(here, '..', '.cache', 'vscode');

/** Headers and tools that code-server's native modules are built with, and the browser that shows its window. */
const DEBIAN_PACKAGES = [
  'libkrb5-dev',
  'libx11-dev',
  'libxkbfile-dev',
  'libsecret-1-dev',
  'g++',
  'make',
  'python3',
  'chromium',
];

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.status !== 0) {
    throw new Error(
      `\`${command} ${args.join(' ')}\` failed (${result.error?.message ?? `exit ${result.status}`})`,
    );
  }
}

function missingPackages() {
  const asked = spawnSync(
    'dpkg-query',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's own
    ['-W', '-f', '${Package} ${db:Status-Status}\n', ...DEBIAN_PACKAGES],
    {
      encoding: 'utf8',
    },
  );
  if (asked.error)
    throw new Error('The editor suites need Debian or a system derived from it (no dpkg-query here).');
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0].split(':')[0]),
  );
  return DEBIAN_PACKAGES.filter((name) => !installed.has(name));
}

function installSystemPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(
      `The editor suites need packages that only root can install. Run once:\n  sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

/** Version of the Node that runs code-server and that its native modules are built for. */
const NODE_VERSION = '24.21.0';
const nodeInstall = join(harnessFolder, 'node');
/** npm's `node` package brings an architecture's own package, which holds `bin/node` and the headers. */
const nodeHome = join(
  nodeInstall,
  'node_modules',
  'node',
  'node_modules',
  `node-${process.platform}-${process.arch}`,
);

/**
 * The environment for an npm of its own. When a script of ours was started by npm, its variables name that npm's Node
 * and project: code-server's installer reads them and would refuse a Node that it is not run by.
 */
function freshEnvironment() {
  const inherited =
    /^(npm_(?!config_)|npm_config_(user_agent|local_prefix|prefix|npm_version|node_gyp)$|NODE$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
}

function installCodeServer() {
  const manifest = readFileSync(join(here, 'package.json'));
  const wanted = createHash('sha256').update(manifest).update(NODE_VERSION).digest('hex');
  const stamp = join(harnessFolder, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing a VS Code server for the editor suites (a few minutes, once) …');
  rmSync(harnessFolder, { recursive: true, force: true });
  mkdirSync(nodeInstall, { recursive: true });
  writeFileSync(join(nodeInstall, 'package.json'), '{"private":true,"allowScripts":{"node":true}}\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${NODE_VERSION}`], {
    cwd: nodeInstall,
    env: freshEnvironment(),
  });
  copyFileSync(join(here, 'package.json'), join(harnessFolder, 'package.json'));
  const env = {
    ...freshEnvironment(),
    PATH: `${join(nodeHome, 'bin')}:${process.env.PATH}`,
    npm_config_nodedir: nodeHome,
    npm_config_ignore_scripts: 'false',
  };
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: harnessFolder, env });
  writeFileSync(stamp, wanted);
}

/** Makes the harness ready; throws with the one line that mends it when something only root can install is missing. */
export function installHarness() {
  installSystemPackages();
  installCodeServer();
}

/** Programs of the harness, once installed. */
export const harnessPrograms = {
  node: join(nodeHome, 'bin', 'node'),
  server: join(harnessFolder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  browser: '/usr/bin/chromium',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installHarness();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
