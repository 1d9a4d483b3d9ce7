import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Plan, TrialSpec } from '../../../src/core/experiment/trial';
import { type RunRecord, RunStore } from '../../../src/store';

const folders: string[] = [];

/** A new folder that is removed after the test; the index goes into one of its own. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'taskweave-test-')));
  folders.push(folder);
  process.env.TASKWEAVE_CACHE_DIR = join(folder, 'index-cache');
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export const FIT: TrialSpec = {
  id: 'aaaaaaaa',
  kind: 'fit',
  after: [],
  label: 'linear fold 1',
  key: { model: 'linear', scope: 'joint' },
  learner: 'linear',
  configurations: [
    [
      { lambda: 1, parameters: { penalty: 'group-lasso' } },
      { lambda: 0.1, parameters: {} },
    ],
  ],
  fold: 0,
  folds: 2,
  repeat: 0,
  seed: 1,
};

export const PLAN: Plan = {
  version: 1,
  models: [{ name: 'linear', learner: 'linear', parameters: {}, lambdas: [1, 0.1], twinParameters: {} }],
  folds: 2,
  trials: [FIT],
  fitCount: 2,
};

export function temporaryStore(): RunStore {
  return RunStore.create(join(temporaryFolder(), '.taskweave'));
}

export function record(run = '20260102-030405-abcdef'): RunRecord {
  return {
    version: 1,
    run,
    name: 'example',
    experimentPath: '/somewhere/example.mtl.yaml',
    created: '2026-01-02T03:04:05.000Z',
    versions: { taskweave: '0.1.0', engine: '1', node: 'v24.0.0' },
    backend: null,
    threads: 1,
    gitCommit: null,
    fingerprint: 'f00d',
    tasks: [{ id: 'a', type: 'regression', target: 'y', classes: [], labelled: 10, primary: 'r2' }],
    experiment: {
      data: { source: 'x.csv', exclude: [], test: 0.2, folds: 2, seed: 1, missing: [''] },
      tasks: [{ id: 'a', target: 'y', weight: 1 }],
      models: [
        { name: 'linear', kind: 'linear', parameters: {}, lambda: { kind: 'list', values: [1, 0.1] } },
      ],
      sweeps: [],
      ensembles: [],
    },
  };
}

/** A store with one run that is planned and has one trial begun. */
export function plannedRun() {
  const store = temporaryStore();
  const run = store.createRun(record());
  run.writePlan(0, PLAN);
  run.beginTrial(FIT.id);
  return { store, run };
}
