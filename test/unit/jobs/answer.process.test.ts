import { mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random';
import { reportHtml, reportMarkdown } from '../../../src/io/report';
import { prunePredictions, readReport, startRun } from '../../../src/jobs';
import { type Bundles, bundles } from './experiments';

const built = bundles();

/** Labels that no feature says anything about, in an Arrow file, with every way to select and to combine. */
function randomExperiment({ worker }: Bundles): string {
  const folder = mkdtempSync(join(dirname(worker), 'random-'));
  const random = new Random(11);
  const rows = 420;
  const column = (draw: () => number) => Float64Array.from({ length: rows }, draw);
  const table = tableFromArrays({
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, column(() => random.normal())])),
    ...Object.fromEntries(['x', 'y'].map((name) => [name, column(() => random.normal())])),
    ...Object.fromEntries(
      ['u', 'v'].map((name) => [
        name,
        Array.from({ length: rows }, () =>
          random.uniform() < 0.2 ? null : random.uniform() < 0.4 ? 'yes' : 'no',
        ),
      ]),
    ),
  });
  writeFileSync(join(folder, 'table.arrow'), tableToIPC(table, 'file'));
  const path = join(folder, 'random.mtl.yaml');
  writeFileSync(
    path,
    `data: { source: table.arrow, features: [a, b, c, d], test: 0.4, folds: 3, seed: 3 }
tasks: { x: x, y: y, u: u, v: v }
models:
  joint: { kind: linear, penalty: mean-regularised, lambda: { points: 5 } }
  sparse: { kind: linear, penalty: group-lasso, lambda: { points: 5 } }
  forest: { kind: forest, trees: 10 }
ensembles:
  average: { combine: mean }
  weighted: { combine: weighted }
  greedy: { combine: greedy }
  stack: { combine: stacking }
relatedness: { by: pairwise, model: joint }
metrics: [auc, ece, hammingLoss, aRRMSE]
`,
  );
  return path;
}

describe('a run on random labels', () => {
  it('never claims that sharing helped, scores chance, and says so in its report', async () => {
    const outcome = await startRun({
      experimentPath: randomExperiment(built()),
      workers: 2,
      workerPath: built().worker,
    });
    expect(outcome.failures).toEqual([]);
    const board = outcome.leaderboard;
    if (board === null) throw new Error('no leaderboard');
    const compared = board.rows.filter(({ differences }) => differences);
    expect(compared.length).toBe(7);
    for (const { name, differences = {}, meanDifference } of compared) {
      for (const { verdict } of Object.values(differences)) expect(verdict, name).not.toBe('helped');
      expect(meanDifference?.verdict, name).not.toBe('helped');
    }
    for (const { name, mean } of board.rows) expect(mean, name).toBeLessThan(0.12);
    expect(board.advice?.join(' ')).not.toContain('sharing helped');

    const kinds = board.relatedness?.matrices.map(({ kind }) => kind);
    expect(kinds).toEqual(['parameters', 'predictions', 'gain']);
    const gains = board.relatedness?.matrices.at(-1);
    expect(gains?.of).toBe('joint');
    for (const gain of gains?.values.flat() ?? []) expect(Math.abs(gain ?? 0)).toBeLessThan(0.12);

    for (const row of board.rows) {
      expect(row.sizeBytes, row.name).toBeGreaterThan(0);
      expect(row.fitSeconds, row.name).toBeGreaterThan(0);
      expect(row.level, row.name).toBe(
        row.learner === 'stacking' ? 3 : ['mean', 'weighted', 'greedy'].includes(row.learner) ? 2 : 1,
      );
    }

    const data = readReport(outcome.store, outcome.run);
    expect(data.diagnosis?.rows.map(({ name }) => name)).toEqual(board.rows.map(({ name }) => name));
    const page = reportHtml(data);
    for (const part of [
      'Did sharing help?',
      'Score against cost',
      'Score against λ',
      'How alike',
      'What the ensembles use',
    ])
      expect(page).toContain(part);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(reportMarkdown(data)).toContain('aRRMSE');

    // What fits predicted of their folds can go: the report is the same without.
    const pruned = prunePredictions(outcome.store);
    expect(pruned.files).toBeGreaterThan(10);
    expect(prunePredictions(outcome.store).files).toBe(0);
    expect(reportHtml(readReport(outcome.store, outcome.run))).toBe(page);
  });
});
