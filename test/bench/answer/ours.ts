/** A store with one run of 5,000 trials over 1,000 tasks, and the questions that views ask of it. */
import { join } from 'node:path';
import type { Task } from '../../../src/core/dataset/problem';
import { buildLeaderboard, type LeaderboardEntry } from '../../../src/core/evaluate';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { Random } from '../../../src/core/random';
import { Librarian } from '../../../src/jobs/queries';
import { leaderboard as leaderboardSchema } from '../../../src/protocol/leaderboard';
import { EventWriter, type RunRecord, RunStore, type UnstampedRunEvent } from '../../../src/store';

const [folder = '', trialsText = '5000', tasksText = '1000', rowsText = '10000'] = process.argv.slice(2);
const TRIALS = Number(trialsText);
const TASKS = Number(tasksText);
const ROWS = Number(rowsText);

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const tasks: Task[] = Array.from({ length: TASKS }, (_, t) =>
  t % 2 === 0
    ? { id: `task${t}`, type: 'regression', weight: 1, classes: [] }
    : { id: `task${t}`, type: 'binary', weight: 1, classes: ['no', 'yes'] },
);
const random = new Random(1);
const labels = tasks.map(({ type }) =>
  Float64Array.from({ length: ROWS }, () => (type === 'binary' ? random.integer(2) : random.normal())),
);
const cut = Math.floor(0.8 * ROWS);
const trainRows = Int32Array.from({ length: cut }, (_, i) => i);
const testRows = Int32Array.from({ length: ROWS - cut }, (_, i) => cut + i);

/** Noise of its own for each entry, made as it is asked for: it stands for the files that a report reads. */
function entry(name: string, noise: number, part: Partial<LeaderboardEntry>): LeaderboardEntry {
  const of = (rows: Int32Array, seed: number) => () => {
    const own = new Random(seed);
    const draws = Float32Array.from({ length: 4096 }, () => own.normal());
    return tasks.map(({ type }, t) => ({
      width: 1,
      values: Float32Array.from(rows, (row, i) => {
        const seen = labels[t][row] + noise * draws[(i * 31 + t * 17) & 4095];
        return type === 'binary' ? 1 / (1 + Math.exp(-seen)) : 0.6 * seen;
      }),
    }));
  };
  const common = {
    role: 'model',
    learner: 'linear',
    lambda: 0.1,
    selectedOnThis: true,
    cpuSeconds: 1,
    warnings: [],
  } as const;
  return { name, ...common, validation: of(trainRows, 1), test: of(testRows, 2), ...part };
}

const constant = (rows: Int32Array) => () =>
  tasks.map(({ type }) => ({
    width: 1,
    values: new Float32Array(rows.length).fill(type === 'binary' ? 0.5 : 0),
  }));

const begun = cpu();
const board = buildLeaderboard({
  tasks,
  labels,
  trainRows,
  testRows,
  seed: 1,
  entries: [
    entry('mean/majority', 0, {
      role: 'baseline',
      key: { model: 'constant', scope: 'joint' },
      validation: constant(trainRows),
      test: constant(testRows),
    }),
    entry('a', 1, {}),
    entry('a (single-task)', 1.1, { role: 'baseline', baselineOf: 'a' }),
    entry('b', 1.05, {}),
    entry('b (single-task)', 1.2, { role: 'baseline', baselineOf: 'b' }),
  ],
});
const reportSeconds = cpu() - begun;
const reportMemory = process.resourceUsage().maxRSS / 1024;

const store = RunStore.create(join(folder, '.taskweave'));
const id = '20260101-000000-aaaaaa';
const run = store.createRun({
  version: 1,
  run: id,
  name: 'many',
  experimentPath: join(folder, 'many.mtl.yaml'),
  created: '2026-01-01T00:00:00.000Z',
  versions: { taskweave: '0', engine: '1', node: process.version },
  backend: null,
  threads: 1,
  gitCommit: null,
  fingerprint: 'bench',
  tasks: tasks.map(({ id: task, type }) => ({
    id: task,
    type,
    target: task,
    classes: [],
    labelled: cut,
    primary: type === 'binary' ? 'auc' : 'r2',
  })),
  experiment: {
    data: { exclude: [], test: 0.2, folds: 5, seed: 0, missing: [''] },
    tasks: [],
    models: [],
    sweeps: [],
    ensembles: [],
  },
} satisfies RunRecord);
const trials = Array.from(
  { length: TRIALS - 1 },
  (_, n): TrialSpec => ({
    id: (n + 1).toString(16).padStart(8, '0'),
    kind: 'fit',
    after: [],
    label: `a fold ${n}`,
    key: { model: 'a', scope: 'joint' },
    learner: 'linear',
    configurations: [[{ lambda: n, parameters: {} }]],
    fold: n % 5,
    folds: 5,
    repeat: 0,
    seed: 1,
  }),
);
const report: TrialSpec = {
  id: 'ffffffff',
  kind: 'report',
  after: [],
  label: 'report',
  models: [],
  ensembles: [],
  seed: 1,
};
const plan: Plan = { version: 1, models: [], folds: 5, trials: [...trials, report], fitCount: trials.length };
run.writePlan(0, plan);
for (const trial of plan.trials) {
  run.beginTrial(trial.id);
  const events = EventWriter.exclusive(run.attemptEvents(trial.id, 0));
  events.append({ kind: 'start', pid: 1, host: 'bench' });
  if (trial.kind === 'report') events.append({ kind: 'result', result: board });
  events.append({ kind: 'end', outcome: 'completed', cpuSeconds: 1, wallSeconds: 1 });
  events.close();
}
const log = EventWriter.continuing<UnstampedRunEvent>(run.events(), 0);
log.append({ kind: 'opened', pid: 1, host: 'bench', workers: 1, resumed: false });
log.append({ kind: 'closed', outcome: 'completed' });
log.close();

const librarian = new Librarian();
const ingestBegun = cpu();
librarian.index(store.root);
const ingest = cpu() - ingestBegun;
const query = { kind: 'run', store: store.root, run: id } as const;
const times: number[] = [];
for (let i = 0; i < 9; i++) {
  const at = cpu();
  librarian.answer<'run'>(query);
  times.push(1000 * (cpu() - at));
}
librarian.close();
const parsing = cpu();
leaderboardSchema.parse(JSON.parse(JSON.stringify(board)));
console.log(
  JSON.stringify({
    reportSeconds,
    reportMemory,
    megabytes: JSON.stringify(board).length / 1e6,
    ingest,
    first: times[0],
    next: times.slice(1).sort((a, b) => a - b)[4],
    parse: 1000 * (cpu() - parsing),
  }),
);
