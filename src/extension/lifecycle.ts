export interface Disposable {
  dispose(): void;
}

/** Owns things with a lifetime; disposes the newest first. What is added after the end is disposed at once. */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = [];
  private ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.ended = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}

/** Listeners of one kind of event, in plain TypeScript so that what uses it runs in unit tests. */
export class Signal<T = void> implements Disposable {
  private readonly listeners = new Set<(value: T) => void>();

  readonly on = (listener: (value: T) => void): Disposable => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Timers as an object, so that tests can move time by hand. */
export interface Timers {
  now(): number;
  after(milliseconds: number, action: () => void): Disposable;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** From the beginning of a slow action to the next this many times its own length pass, and between the two this at most. */
const REST = 4;
const LONGEST_REST = 2000;

/**
 * Runs an asynchronous action when asked, never twice at once and at most once in `interval` milliseconds, less often where
 * it takes long; asked again meanwhile, it runs once more afterwards. The first request runs at once.
 */
export class Throttle implements Disposable {
  private last = Number.NEGATIVE_INFINITY;
  private took = 0;
  private timer: Disposable | undefined;
  private busy = false;
  private again = false;
  private ended = false;

  constructor(
    private readonly action: () => Promise<void>,
    private readonly interval: number,
    private readonly timers: Timers = systemTimers,
  ) {}

  request(): void {
    if (this.ended) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    if (this.timer) return;
    const rest = Math.max(this.interval, Math.min(REST * this.took, this.took + LONGEST_REST));
    const wait = Math.max(0, this.last + rest - this.timers.now());
    if (wait === 0) void this.start();
    else this.timer = this.timers.after(wait, () => void this.start());
  }

  private async start(): Promise<void> {
    this.timer = undefined;
    this.busy = true;
    this.last = this.timers.now();
    try {
      await this.action();
    } finally {
      this.took = this.timers.now() - this.last;
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.request();
      }
    }
  }

  dispose(): void {
    this.ended = true;
    this.timer?.dispose();
  }
}
