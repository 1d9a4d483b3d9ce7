import { describe, expect, it } from 'vitest';
import { DisposableStore, Throttle } from '../../../src/extension/lifecycle';
import { ManualTimers } from './support';

describe('a throttle', () => {
  it('runs at once, then at most once an interval, and always once more after the last request', async () => {
    const timers = new ManualTimers();
    const times: number[] = [];
    const throttle = new Throttle(async () => void times.push(timers.now()), 100, timers);
    for (let t = 0; t < 250; t += 10) {
      throttle.request();
      await timers.advance(10);
    }
    await timers.advance(1000);
    expect(times).toEqual([0, 100, 200, 300]);
  });

  it('never runs twice at once', async () => {
    const timers = new ManualTimers();
    let running = 0;
    let most = 0;
    const throttle = new Throttle(
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => timers.after(350, resolve));
        running--;
      },
      100,
      timers,
    );
    for (let i = 0; i < 20; i++) {
      throttle.request();
      await timers.advance(50);
    }
    expect(most).toBe(1);
  });

  it('rests after what takes long, but not for ever', async () => {
    const begun = async (length: number) => {
      const timers = new ManualTimers();
      const times: number[] = [];
      const throttle = new Throttle(
        async () => {
          times.push(timers.now());
          await new Promise<void>((resolve) => timers.after(length, resolve));
        },
        100,
        timers,
      );
      for (let t = 0; t < 12_000; t += 10) {
        throttle.request();
        await timers.advance(10);
      }
      return times.slice(0, 3);
    };
    expect(await begun(50)).toEqual([0, 200, 400]);
    expect(await begun(3000)).toEqual([0, 5000, 10_000]);
  });

  it('does nothing after its end', async () => {
    const timers = new ManualTimers();
    let runs = 0;
    const throttle = new Throttle(async () => void runs++, 100, timers);
    throttle.request();
    throttle.request();
    throttle.dispose();
    await timers.advance(500);
    throttle.request();
    expect(runs).toBe(1);
  });
});

describe('a disposable store', () => {
  it('ends what it owns, the newest first, and at once what comes too late', () => {
    const ended: string[] = [];
    const thing = (name: string) => ({ dispose: () => void ended.push(name) });
    const store = new DisposableStore();
    store.add(thing('first'));
    store.add(thing('second'));
    store.dispose();
    store.add(thing('late'));
    expect(ended).toEqual(['second', 'first', 'late']);
  });
});
