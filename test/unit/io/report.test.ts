import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gainMatrix, type Leaderboard, type LeaderboardRow } from '../../../src/core/evaluate';
import { type ReportData, type ReportLanguage, reportHtml, reportMarkdown } from '../../../src/io/report';
import { niceTicks } from '../../../src/io/report/axis';

const NASTY = '<script>alert("x")</script>|&';

function row(part: Partial<LeaderboardRow>): LeaderboardRow {
  return {
    rank: 1,
    name: 'linear',
    role: 'model',
    learner: 'linear',
    lambda: 0.1,
    scores: { sex: { auc: 0.91, accuracy: 0.8 }, [NASTY]: { r2: 0.65, rmse: 410.25 } },
    mean: 0.7,
    validation: { scores: {}, mean: 0.69, selectedOnThis: true },
    level: 1,
    cpuSeconds: 3.5,
    onFront: true,
    negativeTransfer: [],
    warnings: [],
    ...part,
  };
}

function board(): Leaderboard {
  const difference = {
    metric: 'auc',
    value: 0.021,
    interval: [0.008, 0.034],
    p: 0.004,
    verdict: 'helped',
    words: 'helped +0.021 AUC [+0.008, +0.034]',
  } as const;
  return {
    split: 'test',
    tasks: [
      { id: 'sex', type: 'binary', primary: 'auc', labelled: 80, labelledTest: 20 },
      { id: NASTY, type: 'regression', primary: 'r2', labelled: 80, labelledTest: 20 },
    ],
    advice: [`Learn ${NASTY} apart.`],
    relatedness: {
      tasks: ['sex', NASTY],
      matrices: [
        gainMatrix(
          'linear',
          [
            [null, 0.1],
            [-0.05, null],
          ],
          [
            [null, 0.01],
            [0.01, null],
          ],
        ),
      ],
    },
    rows: [
      row({
        differences: {
          sex: difference,
          [NASTY]: {
            ...difference,
            metric: 'r2',
            value: -0.013,
            interval: [-0.02, -0.006],
            verdict: 'negative transfer',
            words: 'negative transfer −0.013 R² [−0.020, −0.006]',
          },
        },
        negativeTransfer: [NASTY],
        meanDifference: { ...difference, words: 'helped +0.021 mean skill [+0.008, +0.034]' },
      }),
      row({
        rank: 2,
        name: 'linear (single-task)',
        role: 'baseline',
        baselineOf: 'linear',
        mean: 0.66,
        cpuSeconds: 2,
      }),
      row({ rank: 3, name: 'mean/majority', role: 'baseline', learner: 'constant', mean: 0, lambda: null }),
    ],
  };
}

const DATA: ReportData = {
  name: `mixed ${NASTY}`,
  run: '20260301-142530-1f3a9c',
  started: '2026-03-01T14:25:30.000Z',
  ended: null,
  fits: 120,
  madeWith: ['Taskweave 0.1.0', 'seed 7'],
  experiment: `data: ${NASTY}`,
  leaderboard: board(),
  diagnosis: {
    split: 'test',
    rows: [
      {
        name: 'linear',
        tasks: [
          {
            task: 'sex',
            kind: 'reliability',
            ece: 0.031,
            bins: [
              { from: 0.1, to: 0.2, weight: 10, rows: 10, predicted: 0.15, observed: 0.1 },
              { from: 0.8, to: 0.9, weight: 10, rows: 10, predicted: 0.85, observed: 0.9 },
            ],
          },
        ],
      },
    ],
  },
  paths: [
    {
      model: 'linear',
      scope: 'joint',
      chosen: 1,
      points: [
        { lambda: 1, mean: 0.2, standardError: 0.02 },
        { lambda: 0.1, mean: 0.69, standardError: 0.03 },
      ],
    },
  ],
  warnings: [NASTY],
};

describe('the report as a page', () => {
  const page = reportHtml(DATA);

  it('loads nothing, runs nothing, and says so in its policy', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|url\(|https?:|javascript:/i);
  });

  it('has the one style that its policy allows', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    expect(page).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page.match(/<style/g)).toHaveLength(1);
  });

  it('shows names from the data as text, wherever they stand', () => {
    expect(page).not.toContain('<script>');
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5);
  });

  it('has every multi-task number beside its baseline and its cost', () => {
    expect(page).toContain('helped +0.021 AUC [+0.008, +0.034]');
    expect(page).toContain('negative transfer −0.013 R² [−0.020, −0.006]');
    expect(page).toContain('against linear (single-task); 3.5 CPU s against 2.0');
    expect(page).toContain('+0.021 [+0.008, +0.034]');
  });

  it('draws differences, cost, path, relatedness and reliability, each with a name for those who do not see it', () => {
    const labels = [...page.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label]) => label);
    expect(labels).toEqual([
      'Difference of linear from its baseline, by task',
      'Mean skill against CPU seconds',
      'Mean skill of linear against λ',
      'How alike the tasks are',
      'Reliability of sex',
    ]);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has the colours of its reader, or those that are asked for', () => {
    expect(page).toContain('@media (prefers-color-scheme:dark)');
    const dark = reportHtml(DATA, undefined, 'dark');
    expect(dark).not.toContain('prefers-color-scheme');
    expect(dark).toMatch(/color-scheme:dark;.*--bg:#15181c/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(dark)?.[1] ?? '';
    expect(dark).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  });

  it('takes every colour from the theme of the editor that it is shown in', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(reportHtml(DATA, undefined, 'editor'))?.[1] ?? '';
    const names = (text: string, pattern: RegExp) =>
      new Set([...text.matchAll(pattern)].map(([, name]) => name));
    const defined = names(style, /(--[a-z]+):/g);
    for (const used of names(style, /var\((--(?!vscode)[a-z]+)\)/g)) expect(defined).toContain(used);
    expect(style).not.toMatch(/#[0-9a-f]{3,6}\b/);
  });

  it('is the same from the same run', () => {
    expect(reportHtml(DATA)).toBe(page);
  });

  it('stands without what a run may lack', () => {
    const { relatedness: _, advice: __, ...bare } = board();
    const rows = [row({ differences: undefined, meanDifference: undefined })];
    const least = reportHtml({ ...DATA, leaderboard: { ...bare, rows }, diagnosis: null, paths: [] });
    expect(least).toContain('There is no model that shares between tasks to compare.');
    expect(least).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the report in another language', () => {
  const say: ReportLanguage = {
    tag: 'x-up',
    t: (message, ...values) => `⟦${message.replace(/\{(\d+)\}/g, (_, at) => String(values[at]))}⟧`,
    sentence: (text) => `⟨${text}⟩`,
    rowName: (name) => `⟪${name}⟫`,
  };

  it('says it of the page, and asks the catalogue for every text and every sentence', () => {
    const page = reportHtml(DATA, say);
    expect(page).toContain('<html lang="x-up">');
    expect(page).toContain('⟨negative transfer −0.013 R² [−0.020, −0.006]⟩');
    const words = page
      .replace(/<style>[\s\S]*?<\/style>|<pre>[\s\S]*?<\/pre>/g, '')
      .replace(/ (?:aria-label)="([^"]*)"/g, '>$1<')
      .split(/<[^>]*>/)
      .map((text) => text.trim())
      .filter((text) => /[a-z]{3}/.test(text) && !/[⟦⟨⟪]/.test(text));
    // What is left are names of the experiment.
    const names = ['linear', 'sex', 'penguins'];
    expect(words.filter((text) => !names.includes(text) && !text.includes('&lt;script'))).toEqual([]);
  });

  it('asks for the same in Markdown', () => {
    const text = reportMarkdown(DATA, say);
    expect(text).toContain('## ⟦The answer⟧');
    expect(text).toContain('⟨helped +0.021 AUC');
  });
});

describe('the report as Markdown', () => {
  const text = reportMarkdown(DATA);

  it('has the same numbers', () => {
    expect(text).toContain('# mixed');
    expect(text).toContain('helped +0.021 AUC \\[+0.008, +0.034\\]');
    expect(text).toContain('ECE 0.031');
    expect(text).toContain('| linear (single-task) |');
  });

  it('has tables whose every line has as many cells, whatever the names', () => {
    const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) {
      const cells = table.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
    expect(text).not.toContain('<script>');
  });
});

describe('ticks', () => {
  it('are round and inside', () => {
    expect(niceTicks(3, 97, 4)).toEqual([20, 40, 60, 80]);
    expect(niceTicks(-1, 3, 4)).toEqual([-1, 0, 1, 2, 3]);
    expect(niceTicks(-0.02, 0.031, 4).map((tick) => tick.toFixed(2))).toEqual([
      '-0.02',
      '-0.01',
      '0.00',
      '0.01',
      '0.02',
      '0.03',
    ]);
  });
});
