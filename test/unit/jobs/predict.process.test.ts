import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extendRun, featureImportance, predictionsCsv, predictTable, startRun } from '../../../src/jobs';
import { loadRunData } from '../../../src/jobs/run-data';
import { testPredictions } from '../../../src/jobs/trials/member';
import { upstream } from '../../../src/jobs/trials/upstream';
import { RunStore, storeFor } from '../../../src/store';
import { bundles, writeExperiment } from './experiments';

const built = bundles();

const EVERY_KIND = `  middle: { combine: median }
  votes: { combine: vote }
  picked: { combine: greedy, bags: 2 }
  stacked: { combine: stacking }
  plain: { combine: stacking, across: own, penalty: ridge }
  bagged: { combine: mean, of: [forest], refit: false }
  chained: { combine: chains, of: [forest], chains: 2, folds: 2 }
`;

describe('predicting new rows', () => {
  it('by any model or ensemble gives what the run itself predicted of its test rows', async () => {
    const path = writeExperiment(built(), { extra: EVERY_KIND });
    const outcome = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    expect(outcome.failures).toEqual([]);
    const store = RunStore.open(storeFor(path));
    const run = store.run(outcome.run);
    const data = await loadRunData(run.record(), store);
    const trials = run.plans().flatMap((plan) => plan.trials);
    const table = join(dirname(path), 'table.csv');
    const rows = outcome.leaderboard?.rows ?? [];
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['stacked', 'chained', 'bagged']));
    for (const { name } of rows) {
      const predicted = await predictTable({ store: store.root, run: run.run, table, model: name });
      const trial = trials.find((one) => {
        if (one.kind !== 'refit' && one.kind !== 'ensemble') return false;
        const scope = one.kind === 'refit' ? one.key.scope : one.scope;
        const own = one.kind === 'refit' ? one.key.model : one.name;
        const shown = own === 'constant' ? 'mean/majority' : own;
        return name === (scope === 'joint' ? shown : `${shown} (${scope})`);
      });
      const stored = testPredictions(run, data, upstream(run, trial?.id ?? ''));
      predicted.tasks.forEach(({ predictions: { values, width } }, t) => {
        data.table.testRows.forEach((row, i) => {
          for (let k = 0; k < width; k++) {
            expect(values[row * width + k], `${name}, task ${t}`).toBeCloseTo(
              stored[t].values[i * width + k],
              5,
            );
          }
        });
      });
    }
  });

  it('by a model of a run that was extended uses what the leaderboard shows, not what was chosen before', async () => {
    const path = writeExperiment(built());
    writeFileSync(path, readFileSync(path, 'utf8').replace('lambda: [1, 0.3, 0.1]', 'lambda: [3, 1]'));
    const first = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    const { store, run } = first;
    const lambdaOf = ({ leaderboard }: typeof first) =>
      leaderboard?.rows.find(({ name }) => name === 'linear')?.lambda;
    const predicted = async (model: string) => {
      const table = join(dirname(path), 'table.csv');
      const { tasks } = await predictTable({ store, run, table, model });
      return tasks.map(({ predictions }) => [...predictions.values]);
    };
    const before = [await predicted('linear'), await predicted('average')];
    const extended = await extendRun({
      store,
      run,
      model: 'linear',
      points: 2,
      from: 0.1,
      to: 0.05,
      workers: 2,
      workerPath: built().worker,
    });
    expect(lambdaOf(extended)).not.toEqual(lambdaOf(first));
    const after = [await predicted('linear'), await predicted('average')];
    for (const [i, one] of after.entries()) expect(one).not.toEqual(before[i]);
    const folder = RunStore.open(store).run(run);
    const data = await loadRunData(folder.record(), RunStore.open(store));
    const refit = folder
      .plans()[1]
      .trials.find((one) => one.kind === 'refit' && one.key.scope === 'joint' && one.outer === undefined);
    const stored = testPredictions(folder, data, upstream(folder, refit?.id ?? ''));
    data.table.testRows.forEach((row, i) => {
      expect(after[0][0][row]).toBeCloseTo(stored[0].values[i], 5);
    });
  });

  it('writes CSV with classes, probabilities, and columns to keep; columns may stand in any order', async () => {
    const path = writeExperiment(built());
    const outcome = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    const table = join(dirname(path), 'new.csv');
    writeFileSync(table, 'colour,c,a,b,"id, own"\nred,0.1,0.2,0.3,"one, 1"\npurple,,1,2,two\n');
    const options = { store: storeFor(path), run: outcome.run, table, model: 'linear' };
    const [header, first, second] = [...predictionsCsv(await predictTable(options), ['id, own'])];
    expect(header).toBe('"id, own",size,kind,kind: P(high),kind: P(low),kind: P(middle),flag,flag: P(yes)\n');
    expect(first).toMatch(
      /^"one, 1",-?[\d.]+,(high|low|middle),[\d.e-]+,[\d.e-]+,[\d.e-]+,(no|yes),[\d.e-]+\n$/,
    );
    expect(second.split(',')).toHaveLength(8);
    writeFileSync(table, 'colour,a,b\nred,1,2\n');
    await expect(predictTable(options)).rejects.toMatchObject({ code: 'unknown-column' });
    await expect(predictTable({ ...options, model: 'none' })).rejects.toMatchObject({ code: 'no-model' });
  });

  it('owes to each feature what shuffling it costs, and says what the splits of trees gained', async () => {
    const path = writeExperiment(built());
    const { run } = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    const ask = (model: string, repeats: number) =>
      featureImportance({ store: storeFor(path), run, model, repeats });
    const forest = await ask('forest', 3);
    expect(forest.tasks).toEqual(['size', 'kind', 'flag']);
    expect(forest.measuredOn).toBe('test rows');
    const jointly = forest.features.map((row) => row.jointly ?? 0);
    expect(jointly).toEqual([...jointly].sort((a, b) => b - a));
    forest.tasks.forEach((_, t) => {
      const gained = forest.features.reduce((sum, { gain }) => sum + (gain?.[t] ?? Number.NaN), 0);
      expect(gained).toBeCloseTo(1, 12);
    });
    // Three tasks of one weight.
    for (const { gain, jointGain } of forest.features)
      expect(3 * (jointGain ?? Number.NaN)).toBeCloseTo(
        (gain ?? []).reduce<number>((a, one) => a + (one ?? 0), 0),
        12,
      );
    const constant = await ask('mean/majority', 1);
    expect(constant.features.every(({ jointly: none }) => none === 0)).toBe(true);
    await expect(ask('linear', 0)).rejects.toMatchObject({ code: 'no-model' });
  });

  it('of long data asks each row about its own task', async () => {
    const folder = dirname(writeExperiment(built()));
    const path = join(folder, 'long.mtl.yaml');
    const lines = Array.from({ length: 120 }, (_, i) => {
      const [x, z] = [Math.sin(i), Math.cos(3 * i)];
      return `${['north', 'south', 'east'][i % 3]},${x},${z},${(x + (i % 3) * z).toFixed(4)}`;
    });
    writeFileSync(join(folder, 'long.csv'), `place,x,z,y\n${lines.join('\n')}\n`);
    writeFileSync(
      path,
      `data: { source: long.csv, task: place, test: 0.25, folds: 3 }
tasks: { y: y }
models: { a: { kind: linear, penalty: ridge, lambda: [0.01] }, b: { kind: forest, trees: 5 } }
ensembles: { stacked: { combine: stacking }, chained: { combine: chains, of: [a], chains: 1, folds: 2 } }
`,
    );
    const outcome = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    expect(outcome.failures).toEqual([]);
    const table = join(folder, 'asked.csv');
    writeFileSync(table, 'place,x,z\neast,0.5,0.1\nwest,0.5,0.1\nnorth,0.5,0.1\n');
    for (const model of ['a', 'stacked', 'chained']) {
      const predicted = await predictTable({ store: storeFor(path), run: outcome.run, table, model });
      const written = [...predictionsCsv(predicted, ['place'])];
      expect(written[0]).toBe('place,prediction\n');
      expect(written.slice(1).map((line) => line.trim().split(',')[1] !== '')).toEqual([true, false, true]);
    }
  });
});
