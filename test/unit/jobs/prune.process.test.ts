import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extendRun, prunePredictions, type RunOutcome, resumeRun, startRun } from '../../../src/jobs';
import { pruneUnselected } from '../../../src/jobs/prune';
import { type RunFolder, RunStore, readFoldPredictions } from '../../../src/store';
import { bundles, mixedTable, withoutTimes } from './experiments';

const built = bundles();

const FILE = `data: { source: table.csv, test: 0.25, folds: 3, seed: 7 }
tasks: { size: size, kind: kind, flag: flag }
models:
  linear: { kind: linear, lambda: { points: 5 } }
  trees: { kind: extra-trees, trees: 8 }
sweeps:
  t: { model: trees, over: { min_samples_leaf: [1, 3, 9] }, select: per-task }
ensembles: { stack: { combine: stacking } }
`;

async function run(text = FILE): Promise<{ path: string; outcome: RunOutcome; folder: RunFolder }> {
  const folder = mkdtempSync(join(dirname(built().worker), 'prune-'));
  writeFileSync(join(folder, 'table.csv'), mixedTable(150));
  const path = join(folder, 'prune.mtl.yaml');
  writeFileSync(path, text);
  const outcome = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
  expect(outcome.failures).toEqual([]);
  return { path, outcome, folder: RunStore.open(outcome.store).run(outcome.run) };
}

const fitsOf = (folder: RunFolder) =>
  folder.plans().flatMap(({ trials }) => trials.flatMap((trial) => (trial.kind === 'fit' ? [trial] : [])));

describe('pruning what a sweep did not choose', () => {
  it('keeps the numbers of the chosen configurations, and a run that is extended comes out as one that kept all', async () => {
    const [pruned, whole] = [await run(), await run()];
    const before = new Map(
      fitsOf(pruned.folder).map(({ id }) => [
        id,
        readFileSync(pruned.folder.predictions(id, 0, 'validation')),
      ]),
    );
    expect(pruneUnselected(pruned.folder, 0)).toBeGreaterThan(0);
    expect(pruneUnselected(pruned.folder, 0)).toBe(0);
    for (const spec of fitsOf(pruned.folder)) {
      const bytes = before.get(spec.id);
      if (bytes === undefined) throw new Error('Nothing was predicted.');
      const configurations = spec.configurations[0].length;
      const length = bytes.length / 4 / configurations;
      const shape = { configurations, columns: 1, rows: length };
      for (let c = 0; c < configurations; c++) {
        const kept = readFoldPredictions(pruned.folder, spec.id, 0, shape, c);
        const own = new Float32Array(new Uint8Array(bytes).buffer).subarray(c * length, (c + 1) * length);
        if (kept) expect(kept).toEqual(new Float32Array(own));
      }
    }
    // Many of them are gone, and complete all the same: nothing is left to resume.
    const names = readdirSync(pruned.folder.path('predictions'));
    expect(names.filter((name) => name.endsWith('.kept.json')).length).toBeGreaterThan(6);
    const { store, run: id } = pruned.outcome;
    await expect(resumeRun({ store, run: id, workerPath: built().worker })).rejects.toMatchObject({
      code: 'nothing-to-resume',
    });

    const extend = (of: RunOutcome) =>
      extendRun({
        store: of.store,
        run: of.run,
        model: 'linear',
        points: 3,
        workers: 2,
        workerPath: built().worker,
      });
    const [first, second] = [await extend(pruned.outcome), await extend(whole.outcome)];
    expect(first.failures).toEqual([]);
    expect(withoutTimes(first.leaderboard)).toEqual(withoutTimes(second.leaderboard));
  });

  it('does fits again whose predictions a later report needs, with the same numbers, and only those', async () => {
    const { path, outcome, folder } = await run();
    prunePredictions(outcome.store);
    const fits = fitsOf(folder);
    expect(readdirSync(folder.path('predictions')).some((name) => name === `${fits[0].id}.0.f32`)).toBe(
      false,
    );
    // The same work in another run, which has an ensemble more.
    writeFileSync(
      path,
      FILE.replace('stack: { combine: stacking }', 'stack: { combine: stacking }, mean: { combine: mean }'),
    );
    const more = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    expect(more.failures).toEqual([]);
    const row = (of: RunOutcome, name: string) =>
      of.leaderboard?.rows.find((one) => one.name === name)?.validation;
    for (const name of ['linear', 'trees', 'stack']) expect(row(more, name)).toEqual(row(outcome, name));
    const taken = RunStore.open(more.store).run(more.run);
    for (const { id } of fitsOf(taken)) expect(taken.attempts(id)).toEqual([0]);
    rmSync(dirname(path), { recursive: true });
  });
});
