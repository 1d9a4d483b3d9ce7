import { Worker } from 'node:worker_threads';
import type { Threads, ThreadTask } from '../core/learner';

interface Job {
  readonly message: { readonly task: string; readonly input: unknown };
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Threads of this process, started when there is work for them and kept; they do not keep the process alive. */
export class ThreadPool implements Threads {
  private readonly idle: Worker[] = [];
  /** What each thread is at. */
  private readonly jobs = new Map<Worker, Job | undefined>();
  private readonly waiting: Job[] = [];

  /** @param script the bundle of thread.ts */
  constructor(
    readonly count: number,
    private readonly script: string,
  ) {}

  run<Input, Output>({ name }: ThreadTask<Input, Output>, input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      const settle = (result: unknown) => resolve(result as Output);
      this.waiting.push({ message: { task: name, input }, resolve: settle, reject });
      this.next();
    });
  }

  prepare(threads: number): void {
    while (this.jobs.size < Math.min(threads, this.count)) {
      const worker = this.start();
      worker.unref();
      this.idle.push(worker);
    }
  }

  async close(): Promise<void> {
    for (const job of this.waiting.splice(0)) job.reject(new Error('The threads were ended.'));
    await Promise.all([...this.jobs.keys()].map((worker) => worker.terminate()));
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const worker = this.idle.pop() ?? (this.jobs.size < this.count ? this.start() : undefined);
    if (worker === undefined) return;
    const job = this.waiting.shift();
    this.jobs.set(worker, job);
    worker.ref();
    worker.postMessage(job?.message);
  }

  private start(): Worker {
    const worker = new Worker(this.script);
    this.jobs.set(worker, undefined);
    worker.on('message', (reply: { result: unknown } | { error: unknown }) => {
      const job = this.jobs.get(worker);
      this.jobs.set(worker, undefined);
      worker.unref();
      this.idle.push(worker);
      if ('error' in reply) job?.reject(reply.error);
      else job?.resolve(reply.result);
      this.next();
    });
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', () => this.lose(worker, new Error('A thread ended in the middle of its work.')));
    return worker;
  }

  private lose(worker: Worker, error: unknown): void {
    const job = this.jobs.get(worker);
    this.jobs.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    job?.reject(error);
    this.next();
  }
}
