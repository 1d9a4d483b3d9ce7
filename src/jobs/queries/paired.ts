import {
  type Comparison,
  compareWithBaseline,
  drawnTogether,
  gather,
  judge,
  Resamples,
} from '../../core/evaluate';
import { boardNameOf } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import { seedFrom } from '../../core/random';
import type { Query } from '../../protocol/queries';
import type { PairedComparison } from '../../protocol/tables';
import { type RunFolder, RunStore } from '../../store';
import { JobError } from '../contract';
import { loadRunData, type RunData } from '../run-data';
import { TrialError } from '../trials/context';
import { testPredictions } from '../trials/member';
import { upstream } from '../trials/upstream';

type PairedQuery = Extract<Query, { kind: 'paired' }>;

const VERDICTS = {
  helped: 'a is better',
  'negative transfer': 'b is better',
  'no difference shown': 'no difference shown',
  'too few rows to tell': 'too few rows to tell',
} as const;

/**
 * Two models on the test rows that both predicted: differences with intervals, and verdicts after Holm's correction over
 * tasks, as the leaderboard has them against a baseline.
 * @throws JobError `not-comparable` where the two cannot be compared: other data, another test split, nothing predicted
 */
export async function pairedOf({ store: root, a, b }: PairedQuery): Promise<PairedComparison> {
  const store = RunStore.open(root);
  const [one, other] = [store.run(a.run), store.run(b.run)];
  const [record, otherRecord] = [one.record(), other.record()];
  if (record.fingerprint !== otherRecord.fingerprint) {
    throw new JobError(
      'not-comparable',
      'The two runs had different data: their test rows are not the same.',
    );
  }
  const data = await loadRunData(record, store);
  const otherData = a.run === b.run ? data : await loadRunData(otherRecord, store);
  const rows = data.table.testRows;
  if (rows.length === 0)
    throw new JobError('not-comparable', 'There is no test split to compare on: set `data.test`.');
  if (!isSame(rows, otherData.table.testRows)) {
    throw new JobError(
      'not-comparable',
      'The two runs have different test rows: give them the same `data.test`, `data.split` and `data.seed`.',
    );
  }
  const mine = predictionsOf(one, data, a.row);
  const theirs = predictionsOf(other, otherData, b.row);
  const { tasks, labels, sampleWeight, rowGroup, rowTime } = data.table;
  const groups = drawnTogether(
    { ...(rowGroup && { groups: rowGroup }), ...(rowTime && { times: rowTime }) },
    rows,
  );
  const resamples = new Resamples(seedFrom(record.experiment.data.seed, 'paired'));
  const compared: { readonly task: string; readonly comparison: Comparison }[] = [];
  tasks.forEach((task, t) => {
    const at = otherData.table.tasks.findIndex(({ id, type }) => id === task.id && type === task.type);
    if (at < 0) return;
    const on = {
      task,
      labels: gather(labels[t], rows),
      ...(sampleWeight && { weights: gather(sampleWeight, rows) }),
      ...(groups && { groups }),
    };
    const comparison = compareWithBaseline(on, mine[t], theirs[at], resamples);
    if (comparison) compared.push({ task: task.id, comparison });
  });
  const judged = judge(compared.map(({ comparison }) => comparison));
  return {
    split: 'test',
    tasks: compared.map(({ task, comparison }, i) => ({
      task,
      metric: comparison.metric,
      value: comparison.value,
      interval: [...comparison.interval],
      p: judged[i].p,
      verdict: VERDICTS[judged[i].verdict],
      rows: comparison.rows,
    })),
  };
}

/** Of the refit, or the ensemble, that a row of the leaderboard is of. */
function predictionsOf(run: RunFolder, data: RunData, row: string): readonly TaskPredictions[] {
  const trials = run.plans().flatMap((plan) => plan.trials);
  const trial = trials.findLast((spec) => boardNameOf(spec) === row);
  if (trial === undefined)
    throw new JobError('not-comparable', `Run ${run.run} has no model “${row}” that can be compared.`);
  try {
    return testPredictions(run, data, upstream(run, trial.id));
  } catch (error) {
    if (!(error instanceof TrialError)) throw error;
    throw new JobError('not-comparable', `Run ${run.run} has not predicted its test rows by “${row}” (yet).`);
  }
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}
