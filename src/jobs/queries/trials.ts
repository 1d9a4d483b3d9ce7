import { meanSkill } from '../../core/evaluate';
import { CONSTANT_MODEL } from '../../core/experiment';
import type { JsonObject } from '../../core/learner';
import type { RunTable } from '../../protocol/tables';
import type { StoreIndex } from '../../store';
import type { RunFacts } from './facts';
import { commonLambda, FoldScores } from './fold-scores';

type Cell = RunTable['rows'][number][number];
type Column = RunTable['columns'][number];

const IDENTITY: readonly Column[] = [
  { id: 'model', label: 'Model', kind: 'text', role: 'identity' },
  { id: 'scope', label: 'Learned', kind: 'text', role: 'identity' },
  { id: 'fold', label: 'Fold', kind: 'number', role: 'identity' },
  { id: 'configuration', label: 'Configuration', kind: 'number', role: 'identity' },
  { id: 'state', label: 'State', kind: 'text', role: 'identity' },
];

/** Every fit of a run as a table: who it is, its hyperparameters, its scores on the held-out rows, what it took. */
export function trialTable(index: StoreIndex, facts: RunFacts, limit: number): RunTable {
  const { tasks } = facts.record;
  const fits = facts.trials.filter(({ kind, name }) => kind === 'fit' && name !== CONSTANT_MODEL);
  const scores = new FoldScores(index, facts);
  const parameters = new Set<string>();
  const described = fits.flatMap((trial) => {
    const seconds = secondsToShow(trial);
    return scores.of(trial).map((one) => {
      const values = scalars(one.parameters);
      for (const name of Object.keys(values)) parameters.add(name);
      const identity: Cell[] = [
        trial.name,
        trial.scope,
        (trial.fold ?? 0) + 1,
        one.configuration,
        trial.state,
      ];
      const isScored = one.scores.some((value) => value !== null);
      return {
        identity,
        lambda: commonLambda(one.lambdas),
        values,
        scores: one.scores,
        mean: isScored ? meanSkill(one.skills) : null,
        seconds,
      };
    });
  });
  const names = [...parameters].sort();
  const columns: Column[] = [
    ...IDENTITY,
    { id: 'lambda', label: 'λ', kind: 'number', role: 'parameter' },
    ...names.map(
      (name): Column => ({
        id: name,
        label: name,
        kind: described.every(({ values }) => typeof (values[name] ?? 0) === 'number') ? 'number' : 'text',
        role: 'parameter',
      }),
    ),
    { id: 'mean', label: 'Mean skill', kind: 'number', role: 'score' },
    ...tasks.map(
      ({ id, primary }): Column => ({
        id: `task:${id}`,
        label: id,
        sub: primary,
        kind: 'number',
        role: 'score',
      }),
    ),
    { id: 'seconds', label: 'Seconds', kind: 'number', role: 'cost' },
  ];
  const rows = described
    .slice(0, limit)
    .map(({ identity, lambda, values, mean, scores, seconds }): Cell[] => [
      ...identity,
      lambda,
      ...names.map((name) => values[name] ?? null),
      mean,
      ...scores,
      seconds,
    ]);
  return { columns, rows, total: described.length };
}

/** Of a fit that is at work in whole seconds: a fit may have hundreds of rows, and what does not change is not sent. */
function secondsToShow({ state, seconds }: RunFacts['trials'][number]): number | null {
  if (state === 'running') return seconds === null ? null : Math.floor(seconds);
  return state === 'completed' ? seconds : null;
}

/** Plain values as they are, others as JSON. */
export function scalars(parameters: JsonObject): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]): [string, string | number][] => {
      if (typeof value === 'number') return [[name, value]];
      return value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}
