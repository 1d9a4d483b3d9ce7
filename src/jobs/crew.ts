import type { WorkerReply } from '../protocol/worker';
import { exitReason, WorkerProcess } from './worker-process';

/** Processes that are started before there is a run: more than so many would often have nothing to do. */
const MOST_EARLY = 4;

/**
 * Worker processes that start while an experiment is read and planned, and then take the run's trials: of small data, to start
 * them takes as long as to train. The first of them reads the data, and keeps what it has read.
 */
export class Crew {
  private readonly waiting: WorkerProcess[];

  private constructor(processes: readonly WorkerProcess[]) {
    this.waiting = [...processes];
  }

  /** @param workers processors that the run will use */
  static start(workerPath: string, workers: number): Crew {
    const count = Math.min(workers, MOST_EARLY);
    return new Crew(Array.from({ length: count }, () => new WorkerProcess(workerPath, { lean: false })));
  }

  static readonly none = new Crew([]);

  /** The one that prepares; undefined: none was started. */
  get first(): WorkerProcess | undefined {
    return this.waiting[0];
  }

  /** A process for trials, which is the taker's from now on. */
  take(): WorkerProcess | undefined {
    return this.waiting.shift();
  }

  /** Ends those that nobody took. */
  async end(): Promise<void> {
    await Promise.all(this.waiting.splice(0).map((process) => process.end()));
  }
}

/** The next thing a worker says, or why it says nothing more. */
export function nextReply(worker: WorkerProcess): Promise<WorkerReply> {
  const replied = new Promise<WorkerReply>((resolve) => {
    worker.onReply = resolve;
  });
  const lost = worker.exited.then((exit): WorkerReply => {
    return { kind: 'problem', code: 'worker-failed', message: exitReason(exit).reason };
  });
  return Promise.race([replied, lost]);
}
