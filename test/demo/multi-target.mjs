// The experiment of docs/multi-target.md: on regression sets with several targets, chains of tasks and stacking over tasks
// beside a forest a task. Needs a built CLI (`npm run build`) and the sets as CSV files whose targets begin with `y_`.
//   node test/demo/multi-target.mjs <folder of the sets> [set …] [--cli=dist/cli.js] [--out=folder]
// Writes one JSON a set into the folder and a table of all that are there to standard output.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

/** Smallest first: each set, and the folds its size allows within minutes. */
const SETS = {
  slump: 10,
  edm: 10,
  andro: 10,
  enb: 10,
  sf1: 10,
  scpf: 10,
  wq: 5,
  atp1d: 5,
  osales: 5,
};

/** Rows of the leaderboard that are told, and what they are. */
const ROWS = {
  'forest (single-task)': 'a forest a task',
  forest: 'one forest for all tasks',
  chains: 'chains of forests',
  'over (single-task)': 'stacking over tasks, forests',
  'own (single-task)': 'plain stacking, forests',
  'two-over (single-task)': 'stacking over tasks, forests and ridge',
  'two-own (single-task)': 'plain stacking, forests and ridge',
  'two-weighted (single-task)': 'weighted mean, forests and ridge',
};

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder, ...wanted] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const option = (name, standard) =>
  options.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? standard;
const cli = resolve(option('cli', 'dist/cli.js'));
const out = resolve(option('out', 'out/multi-target'));

mkdirSync(out, { recursive: true });
for (const [set, folds] of Object.entries(SETS)) {
  const done = join(out, `${set}.json`);
  if (existsSync(done) || (wanted.length > 0 && !wanted.includes(set))) continue;
  writeFileSync(done, `${JSON.stringify(run(set, folds), null, 1)}\n`);
}
printTable();

function run(set, folds) {
  const source = resolve(folder, `${set}.csv`);
  const targets = headerOf(readFileSync(source, 'utf8')).filter((name) => name.startsWith('y_'));
  const file = join(out, `${set}.mtl.yaml`);
  writeFileSync(file, experiment(source, targets, folds));
  const { stdout } = spawnSync(process.execPath, [cli, 'run', file, '--quiet', '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { leaderboard, failures, error } = JSON.parse(stdout);
  if (error) throw new Error(`${set}: ${error.message}`);
  if (failures.length > 0) throw new Error(`${set}: ${failures[0].label}: ${failures[0].message}`);
  const rows = leaderboard.map((row) => ({
    name: row.name,
    aRRMSE: row.validation.together.aRRMSE,
    cpuSeconds: row.cpuSeconds,
    r2: Object.fromEntries(Object.entries(row.validation.scores).map(([task, scores]) => [task, scores.r2])),
  }));
  return { set, folds, targets: targets.length, rows };
}

/** No test split: out-of-fold predictions are those of a cross-validation, and all that learns from them is cross-fitted. */
function experiment(source, targets, folds) {
  const tasks = targets.map(
    (name, t) => `  t${t + 1}: { target: ${JSON.stringify(name)}, type: regression }`,
  );
  return `data: { source: ${JSON.stringify(source)}, test: 0, folds: ${folds}, seed: 1 }
tasks:
${tasks.join('\n')}
models:
  forest: { kind: forest, trees: 100 }
  ridge: { kind: linear, penalty: ridge, lambda: { points: 10 } }
ensembles:
  chains: { combine: chains, of: [forest], chains: 5, folds: 3 }
  over: { combine: stacking, of: [forest] }
  own: { combine: stacking, across: own, of: [forest] }
  two-over: { combine: stacking, of: [forest, ridge] }
  two-own: { combine: stacking, across: own, of: [forest, ridge] }
  two-weighted: { combine: weighted, of: [forest, ridge] }
`;
}

/** Names of the columns; quotes may hold commas. */
function headerOf(text) {
  const [line] = text.split(/\r?\n/, 1);
  return [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)]
    .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
    .filter((name) => name !== '');
}

function printTable() {
  const sets = Object.keys(SETS).filter((set) => existsSync(join(out, `${set}.json`)));
  const found = sets.map((set) => JSON.parse(readFileSync(join(out, `${set}.json`), 'utf8')));
  const [reference] = Object.keys(ROWS);
  const rowOf = ({ rows }, name) => rows.find((row) => row.name === name);
  const table = (cellOf, last) => [
    `| | ${found.map(({ set, targets }) => `${set} (${targets})`).join(' | ')} |${last ? ` ${last.title} |` : ''}`,
    `|---|${found.map(() => '---:|').join('')}${last ? '---:|' : ''}`,
    ...Object.entries(ROWS).map(([name, words]) => {
      const cells = found.map((one) => cellOf(rowOf(one, name), rowOf(one, reference)));
      return `| ${words} | ${cells.join(' | ')} |${last ? ` ${last.cellOf(name)} |` : ''}`;
    }),
  ];
  const wins = (name) => {
    if (name === reference) return '';
    const pairs = found.flatMap((one) => {
      const own = rowOf(one, name).r2;
      return Object.entries(rowOf(one, reference).r2).map(([task, r2]) => own[task] - r2);
    });
    return `${pairs.filter((gain) => gain > 0).length} of ${pairs.length}`;
  };
  const scores = table((row) => row.aRRMSE.toFixed(4), { title: 'targets better', cellOf: wins });
  const cost = table((row, base) => `${(row.cpuSeconds / base.cpuSeconds).toFixed(1)}×`);
  process.stdout.write(`${[...scores, '', ...cost].join('\n')}\n`);
}
