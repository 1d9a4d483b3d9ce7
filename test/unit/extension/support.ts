import type { Disposable, Timers } from '../../../src/extension/lifecycle';
import type { LambdaPath } from '../../../src/protocol/curves';
import type { Leaderboard, LeaderboardRow } from '../../../src/protocol/leaderboard';
import type { RunDetail, RunSummary } from '../../../src/protocol/runs';

export const FOLDER = '/work space/pingüinos';
export const EXPERIMENT = `${FOLDER}/penguins.mtl.yaml`;

export const TEXT = `# two tasks
data: { source: penguins.csv, folds: 3 }
tasks:
  sex: { target: sex }
  mass: { target: body_mass_g }
models:
  linear: { kind: linear, penalty: lasso, lambda: { points: 7, from: 2 } }
  forest: { kind: forest, trees: 10 }
ensembles:
  average: { combine: mean }
`;

export function summary(part: Partial<RunSummary> = {}): RunSummary {
  return {
    run: 'r1',
    experiment: EXPERIMENT,
    name: 'penguins',
    status: 'completed',
    started: '2026-11-22T10:00:00.000Z',
    ended: '2026-11-22T10:01:00.000Z',
    worked: 60,
    fits: { done: 100, total: 100 },
    trials: { done: 9, failed: 0, running: 0, total: 9 },
    secondsLeft: null,
    best: { name: 'average', mean: 0.5 },
    backend: null,
    ...part,
  };
}

export function detail(part: Partial<RunDetail> = {}): RunDetail {
  const state = (name: string, role: 'model' | 'baseline' | 'ensemble', model = name) => ({
    name,
    role,
    model,
    scope: role === 'baseline' ? ('single-task' as const) : ('joint' as const),
    status: 'completed' as const,
    fits: { done: 10, total: 10 },
  });
  return {
    summary: summary(),
    tasks: [
      { id: 'sex', type: 'binary', target: 'sex', labelled: 333, primary: 'auc' },
      { id: 'mass', type: 'regression', target: 'body_mass_g', labelled: 342, primary: 'r2' },
    ],
    models: [
      state('linear', 'model'),
      state('linear (single-task)', 'baseline', 'linear'),
      state('forest', 'model'),
      state('average', 'ensemble'),
    ],
    warnings: [],
    folder: `${FOLDER}/.taskweave/runs/r1`,
    leaderboard: null,
    ...part,
  };
}

export function row(
  name: string,
  role: LeaderboardRow['role'],
  auc: number,
  r2: number,
  part: Partial<LeaderboardRow> = {},
): LeaderboardRow {
  const scores = { sex: { auc, accuracy: 0.9 }, mass: { r2, rmse: 300 } };
  return {
    name,
    role,
    learner: 'linear',
    lambda: null,
    scores,
    mean: (auc + r2) / 2,
    validation: { scores, mean: 0.5, selectedOnThis: false },
    cpuSeconds: 1.25,
    negativeTransfer: [],
    warnings: [],
    ...part,
  };
}

export const HARM = {
  metric: 'auc',
  value: -0.021,
  interval: [-0.04, -0.008] as [number, number],
  p: 0.01,
  verdict: 'negative transfer' as const,
  words: 'negative transfer −0.021 AUC [−0.040, −0.008]',
};

export function board(): Leaderboard {
  return {
    split: 'test',
    tasks: [
      { id: 'sex', type: 'binary', primary: 'auc', labelled: 266, labelledTest: 67 },
      { id: 'mass', type: 'regression', primary: 'r2', labelled: 273, labelledTest: 69 },
    ],
    rows: [
      row('average', 'ensemble', 0.98, 0.8, {
        members: ['linear', 'forest'],
        weights: { sex: [0.5, 0.5], mass: [0.25, 0.75] },
      }),
      row('linear', 'model', 0.95, 0.82, {
        lambda: 0.0123,
        negativeTransfer: ['sex'],
        differences: { sex: HARM },
      }),
      row('linear (single-task)', 'baseline', 0.97, 0.79, {
        baselineOf: 'linear',
        lambda: { sex: 0.1, mass: 1 },
      }),
      row('mean/majority', 'baseline', 0.5, 0),
    ],
  };
}

export function path(part: Partial<LambdaPath> = {}): LambdaPath {
  const means = [0.1, 0.5, 0.4];
  return {
    model: 'linear',
    scope: 'joint',
    folds: { done: 3, total: 3 },
    points: [1, 0.1, 0.01].map((lambda, configuration) => ({
      configuration,
      lambda,
      mean: means[configuration],
      standardError: 0.1,
      tasks: [{ task: 'sex', metric: 'auc', mean: 0.9, standardError: 0.02 }],
      activeFeatures: 3,
    })),
    chosen: 1,
    best: 1,
    oneStandardError: 1,
    ...part,
  };
}

/** Time moved by hand. */
export class ManualTimers implements Timers {
  private time = 0;
  private waiting: { at: number; action: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, action: () => void): Disposable {
    const entry = { at: this.time + milliseconds, action };
    this.waiting.push(entry);
    return { dispose: () => (this.waiting = this.waiting.filter((other) => other !== entry)) };
  }

  /** Moves time on, running what falls due, and lets promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (;;) {
      const next = this.waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.waiting = this.waiting.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      await settle();
    }
    this.time = end;
  }
}

/** Lets all promises that are ready settle. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
