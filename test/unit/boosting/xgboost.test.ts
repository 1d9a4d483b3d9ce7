import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numeric, problem, table, task } from '../forest/support';
import { boost, predictions } from './support';

interface Fixture {
  readonly features: readonly (readonly (number | null)[])[];
  readonly query: readonly (readonly (number | null)[])[];
  readonly weights: readonly number[];
  readonly fits: readonly {
    readonly name: string;
    readonly labels: readonly number[];
    readonly lambda: number;
    readonly max_depth: number;
    readonly min_child_weight: number;
    readonly rounds: number;
    readonly learning_rate: number;
    readonly weighted: boolean;
    /** 0: a regression. */
    readonly classes: number;
    /** Predictions (probabilities), row-major. */
    readonly training: readonly number[];
    readonly query: readonly number[];
  }[];
}

/**
 * XGBoost 3.2 with `tree_method=exact` and the mean, log odds or logs of class shares as base score (margin), on 80 rows
 * with missing values, and on rows whose values lie between those of training.
 */
const fixture: Fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures/xgboost.json'), 'utf8'));

const asTable = (columns: Fixture['features']) =>
  table(
    ...columns.map((values, j) =>
      numeric(
        `x${j}`,
        values.map((value) => value ?? Number.NaN),
      ),
    ),
  );

describe('a tree a task, of the same depth and shrinkage', () => {
  it.each(fixture.fits.map((fit) => [fit.name, fit] as const))(
    'predicts as XGBoost does: %s',
    async (_, fit) => {
      const { labels, classes } = fit;
      const type = classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass';
      const dataset = asTable(fixture.features);
      const weights = fit.weighted ? { sampleWeight: Float64Array.from(fixture.weights) } : {};
      const of = { ...problem(dataset, [task('y', type, classes)], [labels]), ...weights };
      const model = await boost(
        of,
        {
          sharing: 'per-task',
          rounds: fit.rounds,
          learning_rate: fit.learning_rate,
          max_depth: fit.max_depth,
          max_leaves: 2 ** fit.max_depth,
          min_samples_leaf: 1,
          min_child_weight: fit.min_child_weight,
          early_stopping: false,
        },
        fit.lambda,
      );
      const [training] = predictions(model, dataset);
      const worst = training.reduce((most, p, i) => Math.max(most, Math.abs(p - fit.training[i])), 0);
      expect(worst).toBeLessThan(2e-6);

      const [elsewhere] = predictions(model, asTable(fixture.query));
      elsewhere.forEach((p, i) => {
        expect(p).toBeCloseTo(fit.query[i], 5);
      });
    },
  );
});
