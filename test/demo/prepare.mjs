// Writes the demo's experiment: penguins (from the npm package vega-datasets), three tasks of mixed type, missing labels.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const demoFolder = join(root, 'out', 'demo');
export const demoExperiment = join(demoFolder, 'penguins.mtl.yaml');

/** The package's JSON as a CSV with the column names of the palmerpenguins package; null becomes an empty cell. */
function penguinsCsv() {
  const source = join(root, 'node_modules', 'vega-datasets', 'data', 'penguins.json');
  const records = JSON.parse(readFileSync(source, 'utf8'));
  const columns = {
    Species: 'species',
    Island: 'island',
    'Beak Length (mm)': 'bill_length_mm',
    'Beak Depth (mm)': 'bill_depth_mm',
    'Flipper Length (mm)': 'flipper_length_mm',
    'Body Mass (g)': 'body_mass_g',
    Sex: 'sex',
  };
  const cell = (value) => (value === null || value === '.' ? '' : String(value).toLowerCase());
  const lines = records.map((record) =>
    Object.keys(columns)
      .map((name) => cell(record[name]))
      .join(','),
  );
  return `${Object.values(columns).join(',')}\n${lines.join('\n')}\n`;
}

const EXPERIMENT = `# Three related tasks over one table: species (3 classes), sex and body mass of the same penguins.
# Rows without a label for a task are masked for that task only; nothing is dropped or imputed in a target.
data: { source: penguins.csv, test: 0.2, folds: 5, seed: 42 }

tasks:
  species: { target: species }
  sex: { target: sex }
  mass: { target: body_mass_g }

models:
  # Joint feature selection: one λ keeps or drops a feature for all tasks at once.
  linear: { kind: linear, penalty: group-lasso, lambda: { points: 20 } }
  net: { kind: neural, architecture: shared-bottom, hidden: [64, 32], lambda: [0.0001, 0.001, 0.01] }
  forest: { kind: forest, trees: 200 }

ensembles:
  average: { combine: mean, of: [linear, net, forest] }
  weighted: { combine: weighted }
`;

export function prepareDemo() {
  mkdirSync(demoFolder, { recursive: true });
  writeFileSync(join(demoFolder, 'penguins.csv'), penguinsCsv());
  writeFileSync(demoExperiment, EXPERIMENT);
}
