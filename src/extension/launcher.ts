/** Starts, stops and resumes runs through the command line; a run is known by the id that its coordinator announces. */
import { dirname } from 'node:path';
import type * as z from 'zod/mini';
import { t } from '../protocol/l10n';
import type { SweepRequest, SweepSpec } from '../protocol/panel';
import { systemTimers, type Timers } from './lifecycle';
import { outsideForms } from './outside';
import type { Launched, Processes } from './processes';
import { experimentName, storeOf, type Target } from './target';

export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  constructor(
    /**
     * `invalid`: the experiment has mistakes; `failed`: it did not start, or ended badly; `cancelled`: by the person;
     * `killed`: its process was ended from outside.
     */
    readonly code: 'invalid' | 'failed' | 'cancelled' | 'killed',
    message: string,
    /** All that the process wrote. */
    readonly output = '',
  ) {
    super(message);
  }
}

export interface LaunchOptions {
  /** What lists call the run. */
  readonly name?: string;
  /** Aborted before the run has begun, nothing runs. */
  readonly signal?: AbortSignal;
  /** More flags of the command line. */
  readonly extra?: readonly string[];
}

/** What a sweep would take. */
export type SweepForecast = z.infer<typeof import('./outside-forms').forecast>;

export interface Extension {
  readonly run: string;
  readonly model: string;
  readonly points: number;
  /** Both null: finer around the best. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface LauncherPorts {
  readonly processes: Processes;
  /** Text of a log file so far; empty where there is none. */
  readLog(path: string): Promise<string>;
  /** Setting `taskweave.workers`; 0: as many as there are cores. */
  workers(): number;
  /** A launched run ended badly after it had begun. */
  onFailure(error: LaunchError, target: Target): void;
  log(line: string): void;
}

const ANNOUNCED = /^Run (\S+)\s*$/m;
const POLL_INTERVAL = 100;
/** Reading a large table comes before the announcement. */
const ANNOUNCE_LIMIT = 600_000;
/** Exit codes of the command line: mistakes in the experiment, a defect of ours, cancelled by a person. */
const INVALID = 2;
const DEFECT = 70;
const CANCELLED = 130;

export class Launcher {
  private readonly watched = new Set<string>();

  constructor(
    private readonly ports: LauncherPorts,
    private readonly timers: Timers = systemTimers,
  ) {}

  /** Whether a run was begun here, and its end is told by `onFailure`. */
  isWatched(run: string): boolean {
    return this.watched.has(run);
  }

  /** @returns id of the new run. @throws LaunchError */
  run(experiment: string, { name, signal, extra = [] }: LaunchOptions = {}): Promise<string> {
    const args = ['run', experiment, ...nameFlags(name), ...extra, ...this.workerFlags()];
    return this.launch(args, experiment, signal);
  }

  /** @returns id of the new run. @throws LaunchError */
  sweep(
    experiment: string,
    request: SweepRequest,
    { name, signal, extra = [] }: LaunchOptions = {},
  ): Promise<string> {
    const { model, from, to, points, folds } = request;
    const flags = [
      ...nameFlags(name ?? `${experimentName(experiment)} λ ${model}`),
      `--sweep=${model}`,
      '--points',
      String(points),
      '--folds',
      String(folds),
      ...extra,
    ];
    if (from !== null) flags.push('--from', String(from));
    if (to !== null) flags.push('--to', String(to));
    return this.launch(['run', experiment, ...flags, ...this.workerFlags()], experiment, signal);
  }

  /** A sweep as the file would write it. @throws LaunchError */
  sweepText(experiment: string, sweep: SweepSpec): Promise<string> {
    const name = `${experimentName(experiment)} sweep ${sweep.model}`;
    const args = ['run', experiment, ...nameFlags(name), '--sweep-json', JSON.stringify(sweep)];
    return this.launch([...args, ...this.workerFlags()], experiment);
  }

  /** What a sweep would take; trains nothing. @throws LaunchError with what is wrong with the sweep */
  async forecast(experiment: string, sweep: SweepSpec): Promise<SweepForecast> {
    const args = ['run', experiment, '--dry-run', '--json', '--sweep-json', JSON.stringify(sweep)];
    const { code, stdout, stderr } = await this.ports.processes.capture(
      [...args, ...this.workerFlags()],
      dirname(experiment),
    );
    if (code !== 0)
      throw new LaunchError('invalid', firstMistake(stderr) ?? t('the sweep cannot be planned'));
    const { forecast } = await outsideForms();
    return forecast.parse(JSON.parse(stdout));
  }

  /** No more trials start until `continue`. @throws LaunchError */
  pause(experiment: string, run: string): Promise<void> {
    return this.ask('pause', experiment, run);
  }

  /** @throws LaunchError */
  continue(experiment: string, run: string): Promise<void> {
    return this.ask('continue', experiment, run);
  }

  /** More configurations of a model of a complete run: only the new fits are done. @throws LaunchError */
  extend(experiment: string, { run, model, points, from, to }: Extension): Promise<string> {
    const range = [
      ...(from === null ? [] : ['--from', String(from)]),
      ...(to === null ? [] : ['--to', String(to)]),
    ];
    const args = [
      'extend',
      run,
      '--store',
      storeOf(experiment),
      `--model=${model}`,
      '--points',
      String(points),
      ...range,
    ];
    return this.launch([...args, ...this.workerFlags()], experiment);
  }

  /** @throws LaunchError */
  resume(experiment: string, run: string, { signal }: LaunchOptions = {}): Promise<string> {
    const args = ['resume', run, '--store', storeOf(experiment), ...this.workerFlags()];
    return this.launch(args, experiment, signal);
  }

  /** Asks the coordinator of a run to stop; it ends a little later. @throws LaunchError */
  stop(experiment: string, run: string): Promise<void> {
    return this.ask('cancel', experiment, run);
  }

  /** Changes the place of a run that waits in line. @throws LaunchError */
  move(experiment: string, run: string, where: 'up' | 'down'): Promise<void> {
    return this.ask('queue', experiment, run, `--${where}`);
  }

  private async ask(
    command: 'cancel' | 'pause' | 'continue' | 'queue',
    experiment: string,
    run: string,
    ...flags: readonly string[]
  ): Promise<void> {
    const args = [command, run, ...flags, '--store', storeOf(experiment), '--json'];
    const { code, stderr } = await this.ports.processes.capture(args, dirname(experiment));
    if (code !== 0)
      throw new LaunchError(
        'failed',
        lastLine(stderr) ?? t('`taskweave {0}` failed (exit code {1})', command, String(code)),
      );
  }

  private workerFlags(): readonly string[] {
    const workers = this.ports.workers();
    return workers > 0 ? ['--workers', String(workers)] : [];
  }

  private async launch(args: readonly string[], experiment: string, signal?: AbortSignal): Promise<string> {
    this.ports.log(`taskweave ${args.join(' ')}`);
    const launched = this.ports.processes.launch(args, dirname(experiment));
    this.ports.log(`  process ${launched.pid ?? '(none)'}, output in ${launched.logPath}`);
    let over: { readonly code: number | null; readonly error?: string } | undefined;
    void launched.ended.then((end) => {
      over = end;
    });
    const limit = this.timers.now() + ANNOUNCE_LIMIT;
    while (this.timers.now() < limit) {
      if (signal?.aborted) {
        launched.kill();
        throw new LaunchError('cancelled', t('Cancelled before the run began.'));
      }
      const ended = over;
      const text = await this.ports.readLog(launched.logPath);
      const run = ANNOUNCED.exec(text)?.[1];
      if (run !== undefined) {
        this.watched.add(run);
        void this.watchEnd(launched, { experiment, run });
        return run;
      }
      if (ended) throw failure(ended, text);
      await new Promise<void>((resolve) => this.timers.after(POLL_INTERVAL, resolve));
    }
    throw new LaunchError('failed', t('The run did not begin within {0} minutes.', ANNOUNCE_LIMIT / 60_000));
  }

  private async watchEnd(launched: Launched, target: Target): Promise<void> {
    const end = await launched.ended;
    if (end.code === 0 || end.code === CANCELLED) return;
    this.ports.onFailure(failure(end, await this.ports.readLog(launched.logPath)), target);
  }
}

function nameFlags(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [`--name=${name}`];
}

function failure(
  end: { readonly code: number | null; readonly error?: string },
  output: string,
): LaunchError {
  if (end.code === DEFECT)
    return new LaunchError('failed', t('a defect in Taskweave; the log has the details'), output);
  // Its last words are how far it was, and say nothing of its end.
  if (end.code === null && end.error === undefined)
    return new LaunchError('killed', t('its process was ended from outside'), output);
  const reason = end.error ?? lastLine(output) ?? t('exit code {0}', String(end.code));
  return new LaunchError(end.code === INVALID ? 'invalid' : 'failed', reason, output);
}

/** The first error that the command line found in the file, without its place: the sweep is in no file yet. */
function firstMistake(stderr: string): string | undefined {
  return /: error: (.+)/.exec(stderr)?.[1] ?? lastLine(stderr);
}

function lastLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').at(-1);
}
