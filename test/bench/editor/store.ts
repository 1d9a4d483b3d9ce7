/** A workspace with an experiment of 1,000 tasks and a store of 5,000 runs, as runs would have left it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { EventWriter, type RunRecord, RunStore, type UnstampedRunEvent } from '../../../src/store';

const TASKS = 1000;
const RUNS = 5000;
const VERDICTS = ['helped', 'no difference shown', 'negative transfer', 'too few rows to tell'] as const;

const taskIds = Array.from({ length: TASKS }, (_, t) => `task${String(t).padStart(4, '0')}`);

export function writeWorkspace(folder: string): { readonly tasks: number; readonly runs: number } {
  writeFileSync(
    join(folder, 'many.mtl.yaml'),
    [
      'data: { source: many.csv }',
      'tasks:',
      ...taskIds.map((id) => `  ${id}: { target: ${id} }`),
      'models:',
      '  linear: { kind: linear, penalty: group-lasso, lambda: { points: 5 } }',
      '  forest: { kind: forest, trees: 10 }',
      '',
    ].join('\n'),
  );
  const header = ['x1', 'x2', ...taskIds].join(',');
  const rows = Array.from({ length: 40 }, (_, i) =>
    ['x', 'y', ...taskIds].map((_, j) => ((i * 7 + j * 13) % 101) / 10).join(','),
  );
  writeFileSync(join(folder, 'many.csv'), `${[header, ...rows].join('\n')}\n`);
  mkdirSync(join(folder, '.taskweave'), { recursive: true });
  const store = RunStore.create(join(folder, '.taskweave'));
  for (let n = 0; n < RUNS; n++) writeRun(store, folder, n);
  return { tasks: TASKS, runs: RUNS };
}

function writeRun(store: RunStore, folder: string, n: number): void {
  const isNewest = n === RUNS - 1;
  const created = new Date(Date.UTC(2026, 0, 1) + n * 60_000);
  const stamp = created.toISOString();
  const id = `${stamp.slice(0, 10).replaceAll('-', '')}-${stamp.slice(11, 19).replaceAll(':', '')}-${n.toString(16).padStart(6, '0')}`;
  const run = store.createRun(record(id, folder, stamp, isNewest ? TASKS : 2));
  const trial: TrialSpec = {
    id: 'aaaaaaaa',
    kind: 'report',
    after: [],
    label: 'report',
    models: [],
    ensembles: [],
    seed: 1,
  };
  const plan: Plan = { version: 1, models: [], folds: 5, trials: [trial], fitCount: 0 };
  run.writePlan(0, plan);
  run.beginTrial(trial.id);
  const events = EventWriter.exclusive(run.attemptEvents(trial.id, 0));
  events.append({ kind: 'start', pid: 1, host: 'bench' });
  events.append({ kind: 'result', result: leaderboard(isNewest ? TASKS : 2, n) });
  events.append({ kind: 'end', outcome: 'completed', cpuSeconds: 1, wallSeconds: 1 });
  events.close();
  const log = EventWriter.continuing<UnstampedRunEvent>(run.events(), 0);
  log.append({ kind: 'opened', pid: 1, host: 'bench', workers: 1, resumed: false });
  log.append({ kind: 'closed', outcome: 'completed' });
  log.close();
}

function record(run: string, folder: string, created: string, tasks: number): RunRecord {
  return {
    version: 1,
    run,
    name: 'many',
    experimentPath: join(folder, 'many.mtl.yaml'),
    created,
    versions: { taskweave: '0.1.0', engine: '1', node: process.version },
    backend: null,
    threads: 1,
    gitCommit: null,
    fingerprint: 'bench',
    tasks: taskIds.slice(0, tasks).map((id) => ({
      id,
      type: 'regression' as const,
      target: id,
      classes: [],
      labelled: 40,
      primary: 'r2',
    })),
    experiment: {
      data: { source: 'many.csv', exclude: [], test: 0.2, folds: 5, seed: 0, missing: [''] },
      tasks: [],
      models: [],
      sweeps: [],
      ensembles: [],
    },
  } as unknown as RunRecord;
}

function leaderboard(tasks: number, n: number) {
  const ids = taskIds.slice(0, tasks);
  const row = (name: string, role: string, shift: number) => {
    const scores = Object.fromEntries(ids.map((id, t) => [id, { r2: ((t + n) % 97) / 100 + shift }]));
    const differences = Object.fromEntries(
      ids.map((id, t) => [
        id,
        {
          metric: 'r2',
          value: 0.01,
          interval: [-0.01, 0.02],
          p: 0.5,
          verdict: VERDICTS[t % 4],
          words: `${VERDICTS[t % 4]} +0.010 R²`,
        },
      ]),
    );
    return {
      name,
      role,
      learner: 'linear',
      lambda: 0.1,
      scores,
      mean: 0.4 + shift,
      validation: { scores, mean: 0.4, selectedOnThis: false },
      cpuSeconds: 1,
      negativeTransfer: ids.filter((_, t) => t % 4 === 2 && role === 'model'),
      ...(role === 'model' ? { differences } : {}),
      warnings: [],
    };
  };
  return {
    split: 'test',
    tasks: ids.map((id) => ({
      id,
      type: 'regression',
      primary: 'r2',
      labelled: 40,
      labelledTest: 8,
    })),
    rows: [
      row('linear', 'model', 0.02),
      row('forest', 'model', 0.01),
      row('linear (single-task)', 'baseline', 0),
      row('mean/majority', 'baseline', -0.1),
    ],
  };
}
