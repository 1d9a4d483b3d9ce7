import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { type Outline, outlineOf } from '../../../src/extension/outline';
import { tellingTasks } from '../../../src/extension/views/board';
import { ensembleItems } from '../../../src/extension/views/ensembles';
import { modelItems, rowTable } from '../../../src/extension/views/models';
import {
  buildTree,
  type ExperimentView,
  firstItems,
  plain,
  type TreeNode,
} from '../../../src/extension/views/node';
import { runItems } from '../../../src/extension/views/runs';
import { taskItems } from '../../../src/extension/views/tasks';
import { startedAt } from '../../../src/protocol/words';
import { board, detail, EXPERIMENT, HARM, summary, TEXT } from './support';

const outline: Outline = outlineOf(parseExperiment(TEXT).draft, ({ kind }) => ({
  lambda: kind === 'linear',
  lambdaMax: true,
  hyperparameters: [],
}));

function view(part: Partial<ExperimentView> = {}): ExperimentView {
  return {
    path: EXPERIMENT,
    name: 'penguins',
    outline,
    runs: [summary()],
    notLoaded: 0,
    shown: [{ detail: detail(), leaderboard: board() }],
    ...part,
  };
}

function all(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children?.() ?? [])]);
}

describe('the trees', () => {
  it('list what the file names before anything has run', () => {
    const fresh = view({ runs: [], shown: [] });
    expect(taskItems(fresh).map(({ label }) => label)).toEqual(['sex', 'mass']);
    expect(modelItems(fresh).map(({ spoken }) => spoken)).toEqual([
      'linear, not run yet',
      'forest, not run yet',
    ]);
    expect(
      ensembleItems(fresh)[0]
        .children?.()
        .map(({ label }) => label),
    ).toEqual(['linear', 'forest']);
    expect(runItems(fresh)).toEqual([]);
  });

  it('say what the data have of tasks before anything has run, of those too that only the data name', () => {
    const found = [
      { id: 'sex', type: 'binary', target: 'sex', labelled: 333 },
      { id: 'mass', type: 'regression', target: 'body_mass_g', labelled: 342 },
    ];
    const fresh = view({ runs: [], shown: [], found });
    expect(taskItems(fresh).map(({ description }) => description)).toEqual([
      'binary · 333 rows',
      'regression · 342 rows',
    ]);
    expect(taskItems(fresh)[0].tooltip?.()).toContain('333 rows with a label');
    const written = { ...outline, longForm: true, tasks: [{ id: 'all', target: 'value' }] };
    const long = view({ runs: [], shown: [], found, outline: written });
    expect(taskItems(long).map(({ label }) => label)).toEqual(['sex', 'mass']);
    expect(taskItems({ ...long, found: undefined })[0].label).toBe('all');
    expect(taskItems(view({ outline: written })).map(({ label }) => label)).toEqual(['sex', 'mass']);
  });

  it('show the best score of a task and say where sharing hurt it', () => {
    const [sex, mass] = taskItems(view());
    expect(sex.description).toBe('AUC 0.980 · negative transfer · binary · 333 rows');
    expect(sex.spoken).toContain('best AUC 0.980 by average');
    expect(sex.spoken).toContain('negative transfer in linear');
    expect(sex.icon.id).toBe('warning');
    expect(mass.description).toBe('R² 0.820 · regression · 342 rows');
  });

  it('rank all rows below a task, best first, baselines included', () => {
    const [sex] = taskItems(view());
    expect(sex.children?.().map(({ label }) => label)).toEqual([
      'average',
      'linear (single-task)',
      'linear',
      'mean/majority',
    ]);
    expect(sex.children?.()[2].description).toBe('AUC 0.950 · negative transfer');
  });

  it('show the score, λ and harm of a model, and its baseline below it', () => {
    const [linear, forest] = modelItems(view());
    expect(linear.description).toBe('0.885 · λ 0.0123 · negative transfer: sex');
    expect(linear.context).toBe('model.sweepable');
    expect(linear.children?.().map(({ label }) => label)).toEqual(['linear (single-task)']);
    expect(linear.children?.()[0].description).toBe('0.880 · λ per task');
    expect(forest.context).toBe('model');
  });

  it('keep the last result of models that a newer sweep left out', () => {
    const sweep = detail({
      summary: summary({ run: 'r2', status: 'running', fits: { done: 3, total: 10 } }),
      models: [{ ...detail().models[0], status: 'running', fits: { done: 3, total: 10 } }],
    });
    const shown = [
      { detail: sweep, leaderboard: null },
      { detail: detail(), leaderboard: board() },
    ];
    expect(modelItems(view({ shown }))[0]).toMatchObject({
      description: '30 % of 10 fits',
      icon: { id: 'sync~spin' },
    });
    expect(ensembleItems(view({ shown }))[0]).toMatchObject({ description: '0.890', target: { run: 'r1' } });
  });

  it('show the weights of an ensemble’s members, averaged over tasks', () => {
    const [average] = ensembleItems(view());
    expect(average.children?.().map(({ description }) => description)).toEqual([
      'weight 0.38',
      'weight 0.63',
    ]);
  });

  it('call a run by its state: going, resumable or over', () => {
    const runs = [
      summary({ status: 'running', fits: { done: 25, total: 100 }, secondsLeft: 125 }),
      summary({ run: 'r0', status: 'interrupted', fits: { done: 50, total: 100 } }),
      summary({ run: 'r-1' }),
    ];
    const items = runItems(view({ runs }));
    expect(items.map(({ context }) => context)).toEqual(['run.going', 'run.resumable', 'run.over']);
    expect(items.map(({ description }) => description)).toEqual([
      '25 %, 2 min 5 s left',
      'interrupted at 50 %',
      'best 0.500 · average',
    ]);
  });

  it('do not leave a model of a stopped run spinning', () => {
    const stopped = detail({
      summary: summary({ status: 'cancelled' }),
      models: [{ ...detail().models[0], status: 'running' }],
    });
    const [linear] = modelItems(view({ shown: [{ detail: stopped, leaderboard: null }] }));
    expect(linear).toMatchObject({ description: 'not finished', icon: { id: 'circle-slash' } });
  });

  it('give every item words for a screen reader and an id of its own', () => {
    const nodes = all([taskItems, modelItems, ensembleItems, runItems].flatMap((build) => build(view())));
    expect(nodes.every(({ spoken }) => spoken.length > 0)).toBe(true);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  });

  it('group by experiment only where there are several', () => {
    expect(buildTree([view()], taskItems).map(({ label }) => label)).toEqual(['sex', 'mass']);
    const other = view({ path: '/x/other.mtl.yaml', name: 'other' });
    expect(buildTree([view(), other], taskItems).map(({ label, context }) => [label, context])).toEqual([
      ['penguins', 'experiment'],
      ['other', 'experiment'],
    ]);
  });

  it('group hundreds of tasks by what sharing did to them, the harmed first', () => {
    const { rows } = board();
    const ids = Array.from({ length: 400 }, (_, i) => `t${i}`);
    const tasks = ids.map((id) => ({
      id,
      type: 'binary' as const,
      target: id,
      labelled: 10,
      primary: 'auc',
    }));
    const many = {
      ...board(),
      tasks: tasks.map((task) => ({ ...task, labelledTest: 5 })),
      rows: rows.map((row) => ({
        ...row,
        negativeTransfer: row.name === 'linear' ? ids.slice(0, 3) : [],
        scores: Object.fromEntries(ids.map((id) => [id, { auc: 0.9 }])),
      })),
    };
    const large = view({ outline: undefined, shown: [{ detail: detail({ tasks }), leaderboard: many }] });
    const groups = taskItems(large);
    expect(groups.map(({ label, description }) => [label, description])).toEqual([
      ['negative transfer', '3 tasks'],
      ['not compared', '397 tasks'],
    ]);
    expect(groups[0].children?.().map(({ label }) => label)).toEqual(['t0', 't1', 't2']);
    const before = taskItems(view({ outline: { ...outline, tasks }, runs: [], shown: [] }));
    expect(before).toHaveLength(8);
    expect(before[0].label).toBe('t0 … t49');
  });

  it('say of a task that a run gave no score for that it has none', () => {
    const rows = board().rows.map(({ scores, ...row }) => ({ ...row, scores: { sex: scores.sex } }));
    const scored = view({ shown: [{ detail: detail(), leaderboard: { ...board(), rows } }] });
    expect(taskItems(scored)[1].description).toBe('no score · regression · 342 rows');
  });

  it('name those of many tasks first that sharing hurt, then those it helped', () => {
    const ids = Array.from({ length: 40 }, (_, t) => `t${t}`);
    const telling: Readonly<Record<string, 'negative transfer' | 'helped'>> = {
      t20: 'helped',
      t30: 'negative transfer',
    };
    const differences = Object.fromEntries(
      ids.map((id) => {
        const verdict = telling[id] ?? 'no difference shown';
        return [id, { ...HARM, verdict, words: `${verdict} in ${id}` }];
      }),
    );
    expect(tellingTasks(ids, { differences }, 4)).toEqual(['t30', 't20', 't0', 't1']);
    expect(tellingTasks(ids, { differences }, 40)).toEqual(ids);
    const tooltip = rowTable({ ...board().rows[1], differences }).join('\n');
    expect(tooltip).toContain('negative transfer in t30');
    expect(tooltip).toContain('and 28 more tasks');
  });

  it('keep the runs of an experiment whose file is gone, under a name that says so', () => {
    const other = view({ path: `${EXPERIMENT}2`, name: 'renamed', isGone: true });
    const [gone] = buildTree([other], runItems);
    expect(gone).toMatchObject({
      label: 'renamed',
      description: 'its file is gone',
      context: 'experiment.gone',
    });
    expect(gone.tooltip?.()).toContain('Reproduce Run');
    expect(gone.children?.().map(({ target }) => target.run)).toEqual(['r1']);
    expect(buildTree([view(), other], runItems).map(({ context }) => context)).toEqual([
      'experiment',
      'experiment.gone',
    ]);
  });

  it('show long lists a page at a time, with an item that loads more', () => {
    const items = Array.from({ length: 450 }, (_, i) => ({ ...runItems(view())[0], id: `run${i}` }));
    const first = firstItems(items, 200, 'list');
    expect(first).toHaveLength(201);
    expect(first[200]).toMatchObject({
      label: 'Load more',
      description: '200 of 450 shown',
      more: { parent: 'list' },
    });
    expect(firstItems(items, 600, 'list')).toHaveLength(450);
    const last = runItems(view({ notLoaded: 4800 })).at(-1);
    expect(last).toMatchObject({ label: 'Load more', description: '4800 older runs', context: 'more' });
  });

  it('show the stars, names, tags and notes of runs, and first those that wait, in their order, and why', () => {
    const marks = { star: true, name: 'dry year', note: 'too few rows', tags: ['a', 'b'], deleted: false };
    const going = { name: 'penguins', started: '2026-11-22T10:00:00.000Z' };
    const runs = [
      summary({ marks }),
      summary({ run: 'q1', status: 'queued', queue: { place: 2, after: [going] } }),
      summary({ run: 'q2', status: 'queued', queue: { place: 1, after: [going] } }),
    ];
    const items = runItems(view({ runs }));
    expect(items.map(({ description }) => description)).toEqual([
      `queued, number 1 · waits for penguins ${startedAt(going.started)}`,
      `queued, number 2 · waits for penguins ${startedAt(going.started)}`,
      'best 0.500 · average · #a #b',
    ]);
    expect(items.map(({ target }) => target.run)).toEqual(['q2', 'q1', 'r1']);
    expect(items[0].context).toBe('run.queued');
    expect(items[2].label).toMatch(/^★ .* dry year$/);
    expect(items[2].context).toBe('run.over.starred');
    expect(items[2].spoken).toContain('too few rows');
    expect(items[2].tooltip?.()).toContain('| took&ensp; | 1 min |');
  });

  it('show names as they are, whatever Markdown would make of them', () => {
    expect(plain('a*b_[c](d)')).toBe('a\\*b\\_\\[c\\]\\(d\\)');
    // Which is no icon then.
    expect(plain('$(play)')).toBe('\\\\$\\(play\\)');
    const [run] = runItems(view({ runs: [summary({ best: { name: 'a|b', mean: 0.5 } })] }));
    expect(run.tooltip?.()).toContain('| best&ensp; | a\\|b 0\\.500 |');
  });
});
