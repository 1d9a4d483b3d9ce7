import type { AttemptTail } from './attempt-tail';
import type { Progress } from './contract';
import type { TrialBoard } from './trial-board';

/** How far a run is. `tails`: of every attempt that was handed out and may still run. */
export function progressOf(
  phase: Progress['phase'],
  board: TrialBoard,
  tails: readonly AttemptTail[],
  workers: number,
): Progress {
  const { done, total } = board.fits();
  const running = tails.filter(({ item }) => board.get(item.trial).state === 'running');
  const times = new Map(
    running.map((tail) => {
      const { trial } = tail.item;
      return [trial, tail.hasStarted ? tail.soFar(board.get(trial).spec) : { seconds: 0 }];
    }),
  );
  return {
    phase,
    trials: {
      done: board.count('completed'),
      failed: board.count('failed') + board.count('skipped'),
      total: board.all.length,
    },
    done: done + running.reduce((sum, { fitted }) => sum + fitted, 0),
    total,
    running: running
      .filter(({ hasStarted }) => hasStarted)
      .map(({ item }) => board.get(item.trial).spec.label),
    secondsLeft: board.secondsLeft(times, workers),
  };
}
