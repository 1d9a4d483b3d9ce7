import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitTest } from '../../../src/core/dataset';
import { scoreTask } from '../../../src/core/evaluate';
import { neuralLearner } from '../../../src/core/learner/neural';
import { readTable } from '../../../src/io';
import { context, parameters } from './support';

/** Folder `shared/data`, looked for from here upwards. */
function sharedData(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'shared', 'data');
    if (existsSync(found)) return found;
  }
  return undefined;
}

const folder = sharedData();
if (folder === undefined) console.warn('shared/data is not here: the net is not tried on tox21.');

describe.skipIf(folder === undefined)('tox21', () => {
  it('a shared bottom over its twelve assays, a sixth of the labels missing, has a mean AUC of .79 or more', async () => {
    const dataset = await readTable(join(folder ?? '', 'tox21.csv'), { missing: [''] });
    const isTarget = (name: string) => name.startsWith('y_');
    const targets = dataset.columns.filter(({ name }) => isTarget(name));
    const tasks = targets.map(({ name }) => ({
      id: name,
      type: 'binary' as const,
      weight: 1,
      classes: ['0', '1'],
    }));
    const labels = targets.map((column) => {
      if (column.kind !== 'numeric') throw new Error(`${column.name} is not numeric`);
      return Float64Array.from(column.values);
    });
    const features = dataset.columns.flatMap(({ name }, j) =>
      isTarget(name) || name === 'mol_id' ? [] : [j],
    );
    const rows = Int32Array.from({ length: dataset.rowCount }, (_, i) => i);
    const { trainRows, testRows } = splitTest({ rows, tasks, labels, fraction: 0.2, seed: 5 });
    const settings = parameters({ dropout: 0.3, early_stopping: true, patience: 8 });
    const [model] = await neuralLearner.fit(
      { dataset, features, tasks, labels, rows: trainRows },
      [{ lambda: 0.003, parameters: settings }],
      context(1),
    );
    const predictions = model.predict(dataset, testRows);
    const areas = tasks.map((task, t) => {
      const truth = Float64Array.from(testRows, (row) => labels[t][row]);
      return scoreTask(task, truth, predictions[t]).auc ?? Number.NaN;
    });
    expect(areas.reduce((a, b) => a + b) / areas.length).toBeGreaterThan(0.79);
  });
});
