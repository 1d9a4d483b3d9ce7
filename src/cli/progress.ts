import { Format, Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../jobs';

/** Shows how far a run is, on stderr: a bar in a terminal, a plain line now and then elsewhere. */
export interface ProgressReporter {
  update(progress: Progress): void;
  finish(): void;
}

export function progressReporter(stream: NodeJS.WriteStream, quiet: boolean): ProgressReporter {
  if (quiet) return { update: () => undefined, finish: () => undefined };
  return stream.isTTY ? terminalBar(stream) : plainLines(stream);
}

function terminalBar(stream: NodeJS.WriteStream): ProgressReporter {
  const bar = new SingleBar(
    {
      stream,
      hideCursor: true,
      clearOnComplete: true,
      format: (options, parameters, payload) =>
        `${Format.BarFormat(parameters.progress, options)} ${parameters.value}/${parameters.total} fits${payload.note}`,
      barsize: 24,
    },
    Presets.rect,
  );
  let started = false;
  return {
    update(progress) {
      const note = describe(progress);
      if (!started) {
        bar.start(progress.total, progress.done, { note });
        started = true;
        return;
      }
      bar.setTotal(progress.total);
      bar.update(progress.done, { note });
    },
    finish() {
      if (started) bar.stop();
    },
  };
}

/** One line each tenth of the way: readable in a log, whatever the number of fits. */
function plainLines(stream: NodeJS.WriteStream): ProgressReporter {
  let shown = -1;
  return {
    update(progress) {
      if (progress.total === 0) return;
      const tenth = Math.floor((10 * progress.done) / progress.total);
      if (tenth === shown) return;
      shown = tenth;
      stream.write(`${progress.done}/${progress.total} fits${describe(progress)}\n`);
    },
    finish: () => undefined,
  };
}

function describe(progress: Progress): string {
  const parts: string[] = [];
  if (progress.phase !== 'running') parts.push(progress.phase);
  else if (progress.secondsLeft !== null) parts.push(`about ${formatLeft(progress.secondsLeft)} left`);
  if (progress.running.length > 0) parts.push(progress.running.join(', '));
  return parts.map((part) => ` · ${part}`).join('');
}

/** Of a run that is not over yet: there is some. */
export function formatLeft(seconds: number): string {
  return formatSeconds(Math.max(1, seconds));
}

/** `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
