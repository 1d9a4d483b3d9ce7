import { describe, expect, it } from 'vitest';
import { metrics } from '../../../src/core/evaluate';
import { folderMistake } from '../../../src/extension/folder-name';
import { panelHtml } from '../../../src/extension/panels/html';
import { statusText } from '../../../src/extension/status-text';
import { experimentName, isExperimentFile, readTarget, storeOf } from '../../../src/extension/target';
import {
  count,
  duration,
  isLowerBetter,
  lambda,
  metricNames,
  noBoard,
  percent,
  runState,
  score,
  signed,
} from '../../../src/protocol/words';
import { EXPERIMENT, FOLDER, summary } from './support';

describe('numbers in words', () => {
  it('have a true minus sign, a fixed number of decimals, and no minus zero', () => {
    expect([
      score(0.12345),
      score(-0.5),
      score(null),
      score(1234.5),
      score(-0.0001),
      score(Number.NaN),
    ]).toEqual(['0.123', '−0.500', '–', '1.23e+3', '0.000', '–']);
    expect([signed(0.5), signed(-0.5), signed(0)]).toEqual(['+0.500', '−0.500', '+0.000']);
  });

  it('show λ to three digits', () => {
    expect([lambda(0.0123456), lambda(1), lambda(0), lambda(1.23456e-7), lambda(null)]).toEqual([
      '0.0123',
      '1',
      '0',
      '1.23e−7',
      '–',
    ]);
  });

  it('count and time things', () => {
    expect([count(1, 'fit'), count(1200, 'fit')]).toEqual(['1 fit', '1,200 fits']);
    expect([duration(4.4), duration(120), duration(125), duration(7800)]).toEqual([
      '4 s',
      '2 min',
      '2 min 5 s',
      '2 h 10 min',
    ]);
    expect([percent({ done: 999, total: 1000 }), percent({ done: 0, total: 0 })]).toEqual([99, 0]);
  });

  it('never say that nothing is left of a run that goes on', () => {
    const run = summary({ status: 'running', fits: { done: 25, total: 100 }, secondsLeft: 0.2 });
    expect(runState(run)).toBe('25 %, 1 s left');
    expect(runState({ ...run, secondsLeft: null })).toBe('25 %');
  });
});

describe('a run without a leaderboard', () => {
  it('says why it has none, and what brings one', () => {
    const fits = { done: 4, total: 25 };
    expect(noBoard(undefined)).toContain('Run the experiment');
    expect(noBoard(summary({ status: 'running', fits }))).toContain('comes when every model');
    expect(noBoard(summary({ status: 'cancelled', fits }))).toBe(
      'No leaderboard: 4 of 25 fits were done when the run ended (cancelled). Resume goes on from there.',
    );
  });
});

describe('the status bar', () => {
  it('is empty while nothing runs and counts further runs', () => {
    const run = summary({ status: 'running', fits: { done: 25, total: 100 }, secondsLeft: 10 });
    expect(statusText([])).toBeUndefined();
    expect(statusText([run])?.text).toBe('$(sync~spin) penguins 25 %');
    expect(statusText([run, summary({ status: 'paused' })])?.text).toBe('$(sync~spin) penguins 25 % +1');
    expect(statusText([run])?.spoken).toBe('Taskweave: penguins 25 %, 10 s left');
  });

  it('shows what is at work before what waits, however new that is', () => {
    const waiting = summary({ run: 'r2', name: 'later', status: 'queued' });
    const run = summary({ status: 'running', fits: { done: 25, total: 100 } });
    expect(statusText([waiting, run])).toMatchObject({ text: '$(sync~spin) penguins 25 % +1', run });
    expect(statusText([waiting])?.text).toBe('$(watch) later queued');
  });
});

describe('what a command is about', () => {
  it('is read from a target, a tree item or a file, and from nothing else', () => {
    expect(readTarget({ experiment: EXPERIMENT, model: 'linear' })).toEqual({
      experiment: EXPERIMENT,
      model: 'linear',
    });
    expect(readTarget({ id: 'x', target: { experiment: EXPERIMENT, run: 'r1' } })).toEqual({
      experiment: EXPERIMENT,
      run: 'r1',
    });
    expect(readTarget({ scheme: 'file', fsPath: EXPERIMENT })).toEqual({ experiment: EXPERIMENT });
    expect(readTarget({ scheme: 'http', fsPath: EXPERIMENT })).toBeUndefined();
    expect(readTarget({ experiment: 7 })).toBeUndefined();
    expect(readTarget(undefined)).toBeUndefined();
  });

  it('knows experiment files by their name', () => {
    expect(['a.mtl.yaml', 'a.mtl.yml', 'a.mtl.json', 'a.yaml', 'mtl.yaml.txt'].map(isExperimentFile)).toEqual(
      [true, true, true, false, false],
    );
    expect(experimentName(EXPERIMENT)).toBe('penguins');
    expect(storeOf(EXPERIMENT)).toBe(`${FOLDER}/.taskweave`);
  });

  it('writes new experiments inside the workspace folder only', () => {
    expect(['a', 'a/b', '.', './a'].map(folderMistake)).toEqual([undefined, undefined, undefined, undefined]);
    for (const bad of ['', '..', '../a', 'a/../../b', '/etc', 'C:\\x', '..\\x'])
      expect(folderMistake(bad)).toBeDefined();
  });
});

describe('the document of a panel', () => {
  it('allows nothing but our own script, style and font', () => {
    const html = panelHtml({
      title: '<x>',
      script: 's.js',
      style: 's.css',
      cspSource: 'vscode:',
      element: 'taskweave-panel',
      waiting: 'Reading …',
      nonce: 'abc',
      language: 'zh-cn',
      messages: { Run: '</script>运行' },
    });
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc';");
    expect(policy).not.toContain('unsafe');
    expect(html).toContain('<title>&lt;x&gt;</title>');
    expect(html).toContain('lang="zh-cn"');
    const bundle = /id="messages">(.*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(JSON.parse(bundle)).toEqual({ Run: '</script>运行' });
  });
});

describe('metrics in words', () => {
  it('are core’s, by name and by which end is better', () => {
    const { skill: _, ...names } = metricNames;
    expect(names).toEqual(Object.fromEntries(metrics.map(({ name, displayName }) => [name, displayName])));
    for (const { name, direction } of metrics) expect(isLowerBetter(name), name).toBe(direction === 'lower');
  });
});
