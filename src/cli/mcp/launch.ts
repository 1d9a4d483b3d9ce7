import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SweepLaunch {
  readonly experiment: string;
  readonly model: string;
  readonly points: number;
  readonly folds?: number;
  readonly maxFits: number;
  readonly cpuSeconds: number;
}

const ANNOUNCED = /^Run (\S+)\s*$/m;
const POLL_MS = 100;

/**
 * Starts a sweep as a process of its own, which goes on when the server ends; resolves with the run's id.
 * @throws Error with what the process wrote, where it ended before there was a run
 */
export async function launchSweep(sweep: SweepLaunch): Promise<string> {
  const log = join(mkdtempSync(join(tmpdir(), 'taskweave-mcp-')), 'run.log');
  const descriptor = openSync(log, 'a');
  try {
    const child = spawn(process.execPath, [process.argv[1], ...argumentsOf(sweep)], {
      cwd: dirname(sweep.experiment),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', descriptor],
    });
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    child.unref();
    for (;;) {
      const isOver = ended;
      const text = readFileSync(log, 'utf8');
      const run = ANNOUNCED.exec(text)?.[1];
      if (run !== undefined) return run;
      if (isOver) throw new Error(text.trim() || 'The sweep ended before it began.');
      await new Promise((later) => setTimeout(later, POLL_MS));
    }
  } finally {
    closeSync(descriptor);
  }
}

function argumentsOf({
  experiment,
  model,
  points,
  folds,
  maxFits,
  cpuSeconds,
}: SweepLaunch): readonly string[] {
  return [
    'run',
    experiment,
    `--sweep=${model}`,
    '--points',
    String(points),
    ...(folds === undefined ? [] : ['--folds', String(folds)]),
    '--max-fits',
    String(maxFits),
    '--cpu-seconds',
    String(cpuSeconds),
    '--json',
  ];
}
