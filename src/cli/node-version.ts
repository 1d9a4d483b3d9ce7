import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** First Node with `node:sqlite` available without a flag. */
const NEEDED = [22, 13] as const;

/** Marks a process that was started by `ensureNode`, so that a wrong TASKWEAVE_NODE cannot loop. */
const REEXECUTED = 'TASKWEAVE_REEXECUTED';

/**
 * True when this Node can run Taskweave. Otherwise starts the same command on a newer Node (TASKWEAVE_NODE, or the
 * npm package `node` installed beside Taskweave) and passes its signals and exit code on; when there is none, says how
 * to get one.
 */
export function ensureNode(): boolean {
  if (isNewEnough(process.versions.node)) return true;
  const newer = process.env[REEXECUTED] ? undefined : findNewerNode();
  if (newer === undefined) {
    console.error(
      `Taskweave needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.\n` +
        'Install a current Node (or `npm install -g node@24`), or set TASKWEAVE_NODE to the path of one.',
    );
    process.exitCode = 69;
    return false;
  }
  const child = spawn(newer, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [REEXECUTED]: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A terminal sends ^C to the whole group; a signal sent to this process alone must reach the child.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.once('error', (error) => {
    console.error(`Could not start ${newer}: ${error.message}`);
    process.exitCode = 69;
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return false;
}

function isNewEnough(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function findNewerNode(): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [process.env.TASKWEAVE_NODE, join(__dirname, '..', 'node_modules', 'node', 'bin', name)];
  return candidates.find((path): path is string => path !== undefined && existsSync(path));
}
