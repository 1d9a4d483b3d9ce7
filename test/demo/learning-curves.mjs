// `node test/demo/learning-curves.mjs`: learning curves of Landmine and School, jointly, each task alone and all rows as
// one task, against the labelled rows a task (`Landmine` or `School` after it: that one only, written nowhere); writes docs/learning-curves.md and its pictures. Every point is an
// experiment file run by `taskweave run`, as a person would. Needs the two tables (landmine.csv, school.csv) in a folder
// `shared/data` here or above, and the built product.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cli = process.env.TASKWEAVE_CLI ?? join(root, 'dist', 'cli.js');
/** How many processes never changes a result. */
const workers = process.env.WORKERS ? ['--workers', process.env.WORKERS] : [];
const REPEATS = Number(process.env.REPEATS ?? 5);

const ONLY = process.argv[2];
const SETS = [
  {
    name: 'Landmine',
    file: 'landmine.csv',
    target: 'y_mine',
    what: '29 fields, 9 radar features, is there a mine? 6.1 % are',
    rows: [20, 40, 80, 160],
    test: 0.5,
    measure: 'mean AUC over tasks',
    score: (board, row) => mean(board.tasks.flatMap(({ id }) => row.scores[id].auc ?? [])),
  },
  {
    name: 'School',
    file: 'school.csv',
    target: 'y_score',
    what: '139 schools, 28 features of student and school, exam score',
    rows: [10, 15, 20, 30, 45, 70],
    test: 0.3,
    measure: 'explained variance of the test rows of all tasks',
    score: (board, row, test) => {
      let squares = 0;
      for (const { id } of board.tasks) squares += row.scores[id].rmse ** 2 * test.count.get(id);
      return 1 - squares / test.variation;
    },
  },
];

const CURVES = [
  { key: 'joint', title: 'joint', row: 'joint' },
  { key: 'single', title: 'each task alone', row: 'joint (single-task)' },
  { key: 'pooled', title: 'pooled', row: 'joint (pooled)' },
];

const folder = mkdtempSync(join(tmpdir(), 'taskweave-curves-'));
try {
  const found = dataFolder(root);
  if (found === undefined) {
    console.error('There is no folder shared/data with landmine.csv and school.csv here or above.');
    process.exit(1);
  }
  const results = SETS.filter(({ name }) => ONLY === undefined || ONLY === name).map((set) => ({
    set,
    points: curvesOf(set, readCsv(join(found, set.file))),
  }));
  if (ONLY === undefined) writeDocs(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** For each number of rows a task: scores[curve][repeat], CPU seconds, verdicts of the joint model. */
function curvesOf(set, table) {
  return set.rows.map((rows) => {
    const point = { rows, scores: { joint: [], single: [], pooled: [] }, cpu: {}, verdicts: {} };
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const test = writeExperiment(set, table, rows, repeat);
      const board = runExperiment();
      for (const { key, row } of CURVES) {
        const own = board.leaderboard.find(({ name }) => name === row);
        point.scores[key].push(set.score(board, own, test));
        point.cpu[key] = (point.cpu[key] ?? 0) + own.cpuSeconds / REPEATS;
        for (const { verdict } of Object.values(own.differences ?? {})) {
          point.verdicts[verdict] = (point.verdicts[verdict] ?? 0) + 1 / REPEATS;
        }
      }
    }
    const texts = CURVES.map(({ key }) => `${key} ${mean(point.scores[key]).toFixed(4)}`);
    console.error(`${set.name}, ${rows} rows a task: ${texts.join(', ')}`);
    return point;
  });
}

/** The same test rows for every number of training rows of a repeat; smaller training sets are parts of larger ones. */
function writeExperiment(set, { header, tasks }, rows, repeat) {
  const random = generator(1 + repeat);
  const lines = [`${header},part`];
  const count = new Map();
  const values = [];
  for (const [task, all] of tasks) {
    const order = shuffled(all, random);
    const tests = Math.round(set.test * order.length);
    count.set(task, tests);
    order.slice(0, tests).forEach((line) => {
      lines.push(`${line},test`);
      values.push(Number(line.slice(line.lastIndexOf(',') + 1)));
    });
    for (const line of order.slice(tests, tests + rows)) lines.push(`${line},train`);
  }
  writeFileSync(join(folder, 'table.csv'), `${lines.join('\n')}\n`);
  writeFileSync(
    join(folder, 'curve.mtl.yaml'),
    `data: { source: table.csv, task: task, split: part, folds: 5, seed: ${repeat} }
tasks: { own: { target: ${set.target} } }
models:
  joint: { kind: linear, penalty: mean-regularised, lambda: { points: 15 } }
`,
  );
  const centre = mean(values);
  return { count, variation: values.reduce((sum, value) => sum + (value - centre) ** 2, 0) };
}

function runExperiment() {
  rmSync(join(folder, '.taskweave'), { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, 'run', join(folder, 'curve.mtl.yaml'), '--json', ...workers],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (status !== 0) throw new Error(`taskweave run ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function writeDocs(results) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  for (const { set, points } of results) {
    writeFileSync(join(root, 'docs', `learning-curve-${set.name.toLowerCase()}.svg`), picture(set, points));
  }
  const sections = results.map(({ set, points }) => {
    const lines = points.map(({ rows, scores, cpu, verdicts }) => {
      const cells = CURVES.map(
        ({ key }) => `${mean(scores[key]).toFixed(3)} ± ${standardError(scores[key]).toFixed(3)}`,
      );
      const gains = ['single', 'pooled'].map((key) => difference(scores.joint, scores[key]));
      const said = Object.entries(verdicts).map(([verdict, n]) => `${verdict} ${n.toFixed(1)}`);
      const costs = CURVES.map(({ key }) => cpu[key].toFixed(1)).join(' / ');
      return `| ${[rows, ...cells, ...gains, costs, said.join(', ')].join(' | ')} |`;
    });
    return `## ${set.name}

${set.what}. ${REPEATS} draws of training and test rows (${100 * set.test} % of each task); ${set.measure}, mean ± standard error over draws.

![${set.name}: ${set.measure} against training rows a task](learning-curve-${set.name.toLowerCase()}.svg)

| rows a task | joint | each task alone | pooled | joint − alone | joint − pooled | CPU s (joint / alone / pooled) | verdicts of joint against alone, tasks a run |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}`;
  });
  writeFileSync(
    join(root, 'docs', 'learning-curves.md'),
    `# Learning curves: when does sharing help?

Two data sets that the multi-task literature compares on, each with one table of many tasks (long form). Every point is an experiment
that \`taskweave run\` ran: \`penalty: mean-regularised\` over 15 λ and 5 folds, beside the two baselines that every run has, ridge on each
task alone and ridge on all rows as one task, tuned with the same folds, rule and number of λ. Repeat it with
\`node test/demo/learning-curves.mjs\`.

What one would expect is what these curves show: with few rows a task, learning alone is poor and pooling strong; with many, pooling
stays behind, and what sharing gains over learning alone shrinks. In Landmine the joint model is not below either at any size. In School
pooling is ahead while rows are few, and the joint model passes it later. A likely reason, which these runs do not prove: the joint model learns
level and scale of every task from that task's own rows, and does not penalise them. Where all tasks ask the same question and have a dozen
rows each, look at the pooled row of the leaderboard first.

${sections.join('\n\n')}

Differences are paired by draw. Small schools have fewer rows than the larger numbers, and give all they have. The verdicts are those of the leaderboard: after Holm's correction over tasks, on the test rows of one draw.
Single tasks have few test rows (and in Landmine few mines), so that most differences cannot be told task by task though the mean over
tasks is plain: this is what "too few rows to tell" and "no difference shown" are for.
`,
  );
}

/** Score against rows a task (log), a band of one standard error. */
function picture(set, points) {
  const [width, height, left, right, top, bottom] = [640, 360, 64, 150, 24, 48];
  const xs = points.map(({ rows }) => Math.log(rows));
  const bands = CURVES.map(({ key, title }) => ({
    title,
    points: points.map(({ scores }) => [mean(scores[key]), standardError(scores[key])]),
  }));
  const ends = bands.flatMap(({ points: own }) =>
    own.flatMap(([value, error]) => [value - error, value + error]),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value) => left + ((value - xs[0]) / (xs.at(-1) - xs[0])) * (width - left - right);
  const y = (value) => height - bottom - ((value - low) / (high - low)) * (height - top - bottom);
  const colours = ['#1f6fb5', '#b3541e', '#6b7280'];
  const ticks = niceTicks(low, high);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${left}" x2="${width - right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#8884"/><text x="${left - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${Number(tick.toFixed(4))}</text>`,
  );
  const names = points.map(
    ({ rows }, i) =>
      `<text x="${x(xs[i]).toFixed(1)}" y="${height - bottom + 18}" text-anchor="middle">${rows}</text>`,
  );
  const labels = spread(bands.map(({ points: own }) => y(own.at(-1)[0])));
  const lines = bands.map(({ title, points: own }, c) => {
    const line = own.map(([value], i) => `${x(xs[i]).toFixed(1)},${y(value).toFixed(1)}`);
    const upper = own.map(([value, error], i) => `${x(xs[i]).toFixed(1)},${y(value + error).toFixed(1)}`);
    const lower = own
      .map(([value, error], i) => `${x(xs[i]).toFixed(1)},${y(value - error).toFixed(1)}`)
      .reverse();
    return `<polygon points="${[...upper, ...lower].join(' ')}" fill="${colours[c]}" fill-opacity="0.15"/><polyline points="${line.join(' ')}" fill="none" stroke="${colours[c]}" stroke-width="2.5"/><text x="${width - right + 10}" y="${(labels[c] + 4).toFixed(1)}" style="fill:${colours[c]}">${title}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${set.name}: ${set.measure} against training rows a task">
<style>text{font:13px system-ui,sans-serif;fill:#6b7280}rect{fill:#fff}@media (prefers-color-scheme:dark){text{fill:#9aa4af}rect{fill:#15181c}}</style>
<rect width="${width}" height="${height}"/>
${grid.join('\n')}
${names.join('\n')}
<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">training rows a task</text>
<text x="${left}" y="14">${set.measure}</text>
${lines.join('\n')}
</svg>
`;
}

/** Places at least 16 apart, in the order they had. */
function spread(places) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const moved = [...places];
  order.forEach((i, k) => {
    if (k > 0) moved[i] = Math.max(moved[i], moved[order[k - 1]] + 16);
  });
  return moved;
}

function niceTicks(low, high) {
  const power = 10 ** Math.floor(Math.log10((high - low) / 4));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => (high - low) / s <= 6);
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(k * step);
  return ticks;
}

function readCsv(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const tasks = new Map();
  for (const line of lines) {
    const task = line.slice(0, line.indexOf(','));
    tasks.set(task, [...(tasks.get(task) ?? []), line]);
  }
  return { header, tasks };
}

function dataFolder(from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'data');
    if (existsSync(join(candidate, 'landmine.csv'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** mulberry32: the same draws everywhere. */
function generator(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled(list, random) {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values) {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

function difference(a, b) {
  const paired = a.map((value, i) => value - b[i]);
  const sign = mean(paired) < 0 ? '−' : '+';
  return `${sign}${Math.abs(mean(paired)).toFixed(3)} ± ${standardError(paired).toFixed(3)}`;
}
