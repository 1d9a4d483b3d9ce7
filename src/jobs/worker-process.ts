import { type ChildProcess, execFile, fork } from 'node:child_process';
import { type WorkerCommand, type WorkerReply, workerReply } from '../protocol/worker';
import { compileCacheFolder } from '../store';
import { LEAN } from './memory';
import { giveWayAlike } from './priority';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error. */
  readonly errors: string;
}

/** Time that politeness is given before the next, harder way to end a process. */
const GRACE_MS = 2000;
const LAST_WORDS_MS = 20;
const KEPT_ERRORS = 16_384;

/** A forked worker: typed messages both ways, and an end that takes its whole process tree along. */
export class WorkerProcess {
  readonly exited: Promise<WorkerExit>;
  /** Called with what it says. */
  onReply: (reply: WorkerReply) => void = () => {};
  /** Called with what it writes to standard output and error. */
  onOutput: (chunk: Buffer) => void = () => {};
  private readonly child: ChildProcess;
  private errors = '';
  private isGone = false;

  /** @param options.lean for large data: see `LEAN` */
  constructor(workerPath: string, { lean }: { readonly lean: boolean }) {
    this.child = fork(workerPath, [], {
      // A group of its own: signals from a terminal are for the coordinator, and the tree can be ended as one.
      detached: process.platform !== 'win32',
      env: {
        // The bundle is compiled once on a machine, not in every process.
        NODE_COMPILE_CACHE: compileCacheFolder(),
        ...process.env,
        ...(lean && LEAN.environment),
        ELECTRON_RUN_AS_NODE: '1',
      },
      execArgv: lean ? [...LEAN.arguments] : [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    if (this.child.pid !== undefined) giveWayAlike(this.child.pid);
    this.child.on('message', (message) => {
      const reply = workerReply.safeParse(message);
      if (reply.success) this.onReply(reply.data);
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.onOutput(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString('utf8')).slice(-KEPT_ERRORS);
      this.onOutput(chunk);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.isGone = true;
        resolve({ code: null, signal: null, errors: error.message });
      });
      this.child.once('exit', (code, signal) => {
        this.isGone = true;
        const exit = () => resolve({ code, signal, errors: this.errors });
        // What it wrote last may still be on its way; `close`, which waits for it, does not always come.
        if (code === 0) exit();
        else setTimeout(exit, LAST_WORDS_MS);
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(command: WorkerCommand): void {
    // A worker that is gone is noticed by its exit.
    if (this.child.connected) this.child.send(command, () => {});
  }

  /** Closes the channel, which ends an idle worker; then asks the tree; then kills it. */
  async end(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    if (await this.isGoneWithin(GRACE_MS / 4)) return;
    this.signalTree('SIGTERM');
    if (await this.isGoneWithin(GRACE_MS)) return;
    this.signalTree('SIGKILL');
    await this.exited;
  }

  private async isGoneWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([this.exited, late]);
    clearTimeout(timer);
    return this.isGone;
  }

  private signalTree(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.child;
    if (pid === undefined || this.isGone) return;
    if (process.platform === 'win32') {
      execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => {});
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      this.child.kill(signal);
    }
  }
}

/** Why a worker that was not asked to end did. */
export function exitReason({ code, signal, errors }: WorkerExit): {
  readonly outcome: 'infra' | 'out-of-memory';
  readonly reason: string;
} {
  if (/heap out of memory|allocation failed/i.test(errors)) {
    return { outcome: 'out-of-memory', reason: 'The worker process ran out of memory.' };
  }
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  const last = errors.trim().split('\n').at(-1);
  return { outcome: 'infra', reason: `The worker process ${how}${last ? ` (${last})` : ''}.` };
}
