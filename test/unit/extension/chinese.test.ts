import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Leaderboard as CoreLeaderboard } from '../../../src/core/evaluate';
import { parseExperiment, templates } from '../../../src/core/experiment';
import { hoverText } from '../../../src/extension/editor/hover-text';
import { inlineNotes } from '../../../src/extension/editor/inline-notes';
import { outlineOf } from '../../../src/extension/outline';
import { statusText } from '../../../src/extension/status-text';
import { commentsOf, inLanguage } from '../../../src/extension/template-text';
import { ensembleItems } from '../../../src/extension/views/ensembles';
import { modelItems } from '../../../src/extension/views/models';
import type { ExperimentView, TreeNode } from '../../../src/extension/views/node';
import { runItems } from '../../../src/extension/views/runs';
import { taskItems } from '../../../src/extension/views/tasks';
import { reportHtml, reportMarkdown } from '../../../src/io/report';
import { setMessages, t } from '../../../src/protocol/l10n';
import type { Leaderboard } from '../../../src/protocol/leaderboard';
import { rowName, TRIAL_NAMES, trialName } from '../../../src/protocol/names';
import type { LogEntry } from '../../../src/protocol/run-log';
import { logText } from '../../../src/protocol/run-log-text';
import { SENTENCES } from '../../../src/protocol/sentence-templates';
import { knowSentences, sentence } from '../../../src/protocol/sentences';
import { boardColumns, entriesOf } from '../../../webview/leaderboardColumns';
import { paretoPlot } from '../../../webview/paretoData';
import { coefficientsPlot, featuresPlot } from '../../../webview/pathPlots';
import { gridColumns } from '../../../webview/tableColumns';
import { board, detail, EXPERIMENT, HARM, path, row, summary } from './support';

/**
 * An experiment whose every name is Chinese: any word in Latin letters that a view shows is either a name that all
 * languages share, or one that nobody translated.
 */
const TEXT = `data: { source: 企鹅.csv, folds: 3 }
tasks:
  性别: { target: 性别 }
  体重: { target: 体重 }
models:
  线性: { kind: linear, penalty: lasso, lambda: { points: 7, from: 2 } }
  森林: { kind: forest, trees: 10 }
ensembles:
  平均: { combine: mean }
`;
const NAMES: Readonly<Record<string, string>> = {
  sex: '性别',
  mass: '体重',
  linear: '线性',
  forest: '森林',
  average: '平均',
  penguins: '企鹅',
};

/** Metrics and units by their signs, and values of the file: kinds of models and combinations. */
const SHARED =
  /^(AUC|ECE|RMSE|aRRMSE|CPU|Taskweave|Node|Holm|UTC|kB|linear|forest|mean|wasm|info|warning|error)$/;

function english(text: string): readonly string[] {
  const shown = text
    .replace(/!\[[^\]]*\]\([^)]*\)|\(command:[^)]*\)|\$\([a-z~-]+\)|`[^`]*`/g, ' ')
    .replace(/<style>.*?<\/style>|<pre>.*?<\/pre>|<(?:meta|link|!doctype)[^>]*>/gs, ' ')
    .replace(/<[^>]*? aria-label="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<[^>]*>|&[a-z#0-9]+;/g, ' ');
  return [...new Set(shown.match(/[A-Za-z][A-Za-z]+/g) ?? [])].filter((word) => !SHARED.test(word));
}

/** The same value, with Chinese names in the place of those of the shared fixtures. */
function inChinese<T>(value: T): T {
  const renamed = (text: string) =>
    text.replace(/\b(sex|mass|linear|forest|average|penguins)\b/g, (name) => NAMES[name]);
  const walk = (one: unknown, key = ''): unknown => {
    if (typeof one === 'string') return key === 'learner' || key === 'metric' ? one : renamed(one);
    if (Array.isArray(one)) return one.map((each) => walk(each));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, each]) => [renamed(name), walk(each, name)]));
  };
  return walk(value) as T;
}

/** Everything a row of a leaderboard may say. */
function fullBoard(): Leaderboard {
  const { rows, ...rest } = board();
  const verdicts = ['helped', 'no difference shown', 'too few rows to tell'] as const;
  const words = [
    'helped +0.021 AUC [+0.008, +0.034]',
    'no difference shown: +0.001 log-loss reduction [−0.002, +0.004]',
    'too few rows to tell (12 labelled rows): +0.1 R² [−0.2, +0.4]',
  ];
  const more = verdicts.map((verdict, i) =>
    row(['a', 'b', 'c'][i], 'model', 0.9, 0.5, {
      name: `线性${i}`,
      learner: 'linear',
      lambda: i,
      hyperparameters: { 层: { value: 3 }, 宽: { byTask: { sex: 1, mass: 2 } } },
      differences: { sex: { ...HARM, verdict, words: words[i] } },
      meanDifference: { ...HARM, verdict, words: 'helped +0.021 mean skill [+0.008, +0.034]' },
      warnings: ['3 fits at the chosen λ did not converge.'],
    }),
  );
  return {
    ...rest,
    metrics: ['averagePrecision', 'balancedAccuracy'],
    advice: [
      'Sharing hurts sex in linear: learn it apart, where linear (single-task) does better.',
      'Over all tasks, sharing helped linear: helped +0.021 mean skill [+0.008, +0.034]; it cost 1.0 CPU seconds, 0.9 times those of linear (single-task).',
      'The best mean is that of linear (pooled), which does not know whose row it sees: with the rows there are, what the tasks have in common weighs more than what tells them apart.',
    ],
    rows: [
      ...rows.map((one) => (one.name === 'mean/majority' ? { ...one, learner: 'constant' } : one)),
      row('linear (pooled)', 'baseline', 0.6, 0.4, { baselineOf: 'linear', hyperparameters: {} }),
      row('average (single-task)', 'baseline', 0.6, 0.4, {
        baselineOf: 'average',
        members: ['linear (single-task)', 'forest (single-task)'],
        weights: { sex: [0.5, 0.5], mass: [0.25, 0.75] },
      }),
      ...more,
    ],
  };
}

const parsed = parseExperiment(TEXT);
const outline = outlineOf(parsed.draft, ({ kind }) => ({
  lambda: kind === 'linear',
  lambdaMax: true,
  hyperparameters: [],
}));

function view(): ExperimentView {
  const runs = (
    ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled', 'interrupted'] as const
  ).map((status, i) =>
    summary({
      run: `${i}`,
      status,
      best: { name: 'linear (single-task)', mean: 0.5 },
      secondsLeft: 75,
      workers: 2,
    }),
  );
  const states = detail().models.map((state, i) => ({
    ...state,
    status: (['completed', 'running', 'failed', 'waiting'] as const)[i % 4],
  }));
  const shown = [{ detail: detail({ models: states }), leaderboard: fullBoard() }];
  return { ...inChinese({ name: 'penguins', runs, shown }), path: EXPERIMENT, outline, notLoaded: 3 };
}

function saidBy(nodes: readonly TreeNode[]): readonly string[] {
  return nodes.flatMap((node) => [
    node.label,
    node.description ?? '',
    node.spoken,
    node.tooltip?.() ?? '',
    ...saidBy(node.children?.() ?? []),
  ]);
}

beforeAll(() => {
  const bundle = join(import.meta.dirname, '..', '..', '..', 'l10n', 'bundle.l10n.zh-cn.json');
  setMessages(JSON.parse(readFileSync(bundle, 'utf8')));
  knowSentences(SENTENCES);
});
afterAll(() => setMessages(undefined));

describe('in Chinese no word of English is left', () => {
  it('in the sidebar: items, their tooltips, and what a screen reader says', () => {
    const trees = { taskItems, modelItems, ensembleItems, runItems };
    for (const [name, items] of Object.entries(trees)) {
      const said = saidBy(items(view()));
      expect(said.length, name).toBeGreaterThan(4);
      expect(said.flatMap(english), name).toEqual([]);
    }
    expect(saidBy(taskItems(view()))).toContain('线性（单任务）');
    expect(
      english(
        Object.values(statusText(view().runs) ?? {})
          .slice(0, 3)
          .join(' '),
      ),
    ).toEqual([]);
  });

  it('in the file: notes after the lines, and hovers', () => {
    const { shown } = view();
    const standing = () => [{ model: '线性', folds: { done: 2, total: 5 }, mean: 0.5, tasks: [] }];
    const notes = inlineNotes({ outline, shown, standing, locate: parsed.locate });
    expect(notes.length).toBeGreaterThan(3);
    expect(notes.flatMap(({ text }) => english(text))).toEqual([]);
    for (const [kind, name] of [
      ['task', '性别'],
      ['model', '线性'],
      ['ensemble', '平均'],
    ] as const) {
      const text = hoverText({
        subject: { kind, name },
        target: { experiment: EXPERIMENT },
        shown,
        sweepable: true,
        trusted: true,
        color: '#000',
        path: inChinese(path()),
        standing: standing()[0],
      });
      expect(text).toContain(name);
      expect(english(text), name).toEqual([]);
    }
  });

  it('in the leaderboard of the panel, its chart, and tables of runs', () => {
    const leaderboard = inChinese(fullBoard());
    const entries = entriesOf(leaderboard, true);
    const cells = boardColumns(leaderboard).flatMap(({ label, sub, title, value, text }) => [
      label,
      sub ?? '',
      title ?? '',
      ...entries.flatMap((entry) => [String(value(entry)), text?.(entry) ?? '']),
    ]);
    const details = entries.flatMap(({ line, row: { learner } }) =>
      // What a model is made by is called as in the file.
      [line.name, line.detail.replace(learner, ''), ...line.negativeTransfer],
    );
    expect([...cells, ...details].flatMap(english).filter((word) => word !== 'null')).toEqual([]);
    const { title, xLabel, yLabel, summary: told, series } = paretoPlot(leaderboard);
    const plot = [title, xLabel, yLabel, told, ...series.map(({ label }) => label)];
    expect(plot.flatMap((text) => english(text ?? ''))).toEqual([]);
    const [rate, time] = gridColumns(
      [
        {
          id: 'mean:x',
          label: '线性 (single-task)',
          row: '线性 (single-task)',
          sub: 'mean skill',
          kind: 'number',
          role: 'score',
        },
        { id: 'best', label: 'Best', kind: 'text', role: 'identity' },
      ],
      [],
    );
    expect([rate.label, rate.sub, time.label, time.text?.([0, '线性 (pooled)'])]).toEqual([
      '线性（单任务）',
      '平均技能得分',
      '最佳',
      '线性（合并）',
    ]);
  });

  it('in features that the encoder made', () => {
    const coefficients = {
      features: ['年龄 (missing)', '岛=北'],
      total: 9,
      lambdas: [1, 0.1],
      strengths: [
        [0, 1],
        [0, 2],
      ],
    };
    const plots = [featuresPlot([path()]), coefficientsPlot([path({ coefficients })])];
    const said = plots.flatMap((plot) => [
      plot?.title ?? '',
      plot?.xLabel ?? '',
      plot?.yLabel ?? '',
      plot?.note ?? '',
      plot?.summary ?? '',
      ...(plot?.series.map(({ label }) => label) ?? []),
    ]);
    expect(said).toContain('年龄（缺失）');
    expect(said.flatMap(english)).toEqual([]);
  });

  it('in names of trials, as the planner makes them, and in the story of a run', () => {
    const places = (template: string) =>
      template
        .replace('{0}', '线性 (single-task)')
        .replace('{1}', '2')
        .replace('{2}', TRIAL_NAMES[0] === template ? '3' : '线性 (pooled)');
    for (const template of TRIAL_NAMES) expect(english(trialName(places(template))), template).toEqual([]);
    expect(trialName('线性 (single-task) outer 2 fold 3 of repeat 4 part 5')).toBe(
      '线性（单任务） 外层第 2 折 第 4 次重复第 3 折 第 5 部分',
    );
    const of = { time: '2026-11-22T10:00:00.000Z', label: '链 chain 2 of 线性 fold 1 outer 1', attempt: 1 };
    const entries: readonly LogEntry[] = [
      { kind: 'opened', time: of.time, workers: 2, pid: 1, host: '机器', resumed: true },
      { kind: 'planned', time: of.time, trials: 3, fits: 4 },
      { kind: 'reused', time: of.time, from: '1', trials: 2 },
      { kind: 'paused', time: of.time },
      { kind: 'continued', time: of.time },
      { kind: 'begun', ...of, pid: 4 },
      {
        kind: 'ended',
        ...of,
        outcome: 'failed',
        seconds: 3,
        cpuSeconds: 2,
        message: 'The worker process ran out of memory.',
      },
      { kind: 'warning', ...of, message: 'The chain\'s model of task "性别" did not converge.' },
      { kind: 'lost', ...of, reason: 'killed' },
      { kind: 'retry', ...of, reason: 'killed' },
      { kind: 'skipped', time: of.time, label: '线性 refit' },
      {
        kind: 'closed',
        time: of.time,
        outcome: 'failed',
        message:
          '3 trials failed, and 2 trials that build on them did not run. First: 线性 (single-task) fold 2: The worker process ran out of memory.',
      },
    ];
    const text = logText({
      run: '1',
      name: '企鹅',
      status: 'failed',
      folder: '',
      madeWith: ['Taskweave 0.1.0', 'engine 4', 'Node v24.1.0', 'tensor backend wasm'],
      workers: 2,
      trials: { done: 1, failed: 1, running: 1, total: 9 },
      entries: [...entries],
      total: 20,
    });
    expect(english(text)).toEqual([]);
  });

  it('in the report, as a page and as Markdown', () => {
    // Schemas of the two are the same; the report asks for a little more of a row.
    const leaderboard = inChinese(fullBoard()) as unknown as CoreLeaderboard;
    const data = {
      name: '企鹅',
      run: '1',
      started: '2026-03-01T14:25:30.000Z',
      ended: null,
      fits: 120,
      madeWith: ['Taskweave 0.1.0', 'Node v24.1.0', 'tensor backend wasm', 'data fingerprint 1234', 'seed 7'],
      experiment: '',
      leaderboard,
      diagnosis: null,
      paths: [],
      warnings: ['No training row has a label for task "性别": it is not predicted.'],
    };
    const say = { tag: 'zh-CN', t, sentence, rowName };
    expect(english(reportHtml(data, say))).toEqual([]);
    expect(english(reportMarkdown(data, say))).toEqual([]);
    expect(reportHtml(data, say)).toContain('线性（单任务）');
  });
});

describe('a template', () => {
  it('is written with comments in Chinese, and is the same experiment', () => {
    for (const { files } of templates) {
      for (const [name, content] of Object.entries(files)) {
        const written = inLanguage(name, content);
        if (!name.endsWith('.yaml')) expect(written).toBe(content);
        else {
          expect(
            commentsOf(written)
              .flatMap(english)
              .filter((word) => word !== 'weight'),
          ).toEqual([]);
          expect(parse(written)).toEqual(parse(content));
        }
      }
    }
  });
});
