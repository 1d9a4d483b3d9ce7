import { beforeAll, describe, expect, it } from 'vitest';
import { Signal } from '../../../src/extension/lifecycle';
import { outsideForms } from '../../../src/extension/outside';
import type { StoreChange } from '../../../src/extension/query-client';
import { RunLibrary } from '../../../src/extension/run-library';
import type { Query } from '../../../src/protocol/queries';
import { board, detail, EXPERIMENT, FOLDER, ManualTimers, summary } from './support';

const STORE = `${FOLDER}/.taskweave`;

function setup() {
  const timers = new ManualTimers();
  const asked: Query[] = [];
  const changes = new Signal<StoreChange>();
  const state = { runs: [summary()], failing: false };
  const queries = {
    ask: async (query: Query) => {
      asked.push(query);
      if (state.failing) throw new Error('The index cannot be opened.');
      if (query.kind === 'runs') {
        return { runs: state.runs.slice(0, query.limit), total: state.runs.length } as never;
      }
      if (query.kind === 'summaries') {
        return { runs: state.runs.filter(({ run }) => query.runs.includes(run)) } as never;
      }
      if (query.kind === 'standing') {
        const standing = { model: 'linear', folds: { done: 1, total: 3 }, mean: 0.4, tasks: [] };
        return { models: [standing] } as never;
      }
      return detail({ leaderboard: board() }) as never;
    },
    onChanged: changes.on,
  };
  const library = new RunLibrary(queries, () => undefined, timers);
  let drawn = 0;
  library.onChanged(() => drawn++);
  return { timers, asked, changes, state, library, drawn: () => drawn };
}

// Time is moved by hand below: what is loaded by the clock of the machine is loaded before.
beforeAll(() => outsideForms());

describe('the run library', () => {
  it('reads summaries at once and details only while somebody looks', async () => {
    const { library, timers, asked } = setup();
    library.setStores([STORE]);
    await timers.advance(200);
    expect(asked.map(({ kind }) => kind)).toEqual(['runs']);
    expect(library.runsOf(EXPERIMENT)).toHaveLength(1);
    expect(library.shownOf(EXPERIMENT)).toEqual([]);
    library.wantDetails('test', true);
    await timers.advance(200);
    expect(asked.map(({ kind }) => kind)).toEqual(['runs', 'run']);
    expect(library.shownOf(EXPERIMENT)[0].leaderboard?.rows).toHaveLength(4);
  });

  it('asks at most ten times a second under a storm of changes', async () => {
    const { library, timers, asked, changes } = setup();
    library.setStores([STORE]);
    await timers.advance(200);
    asked.length = 0;
    for (let i = 0; i < 200; i++) {
      changes.fire({ store: STORE, runs: ['r1'] });
      await timers.advance(5);
    }
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThanOrEqual(11);
  });

  it('reads details again only of runs that changed', async () => {
    const { library, timers, asked, changes } = setup();
    library.wantDetails('test', true);
    library.setStores([STORE]);
    await timers.advance(300);
    asked.length = 0;
    changes.fire({ store: STORE, runs: ['another'] });
    await timers.advance(300);
    expect(asked.map(({ kind }) => kind)).toEqual(['runs']);
    changes.fire({ store: STORE, runs: ['r1'] });
    await timers.advance(300);
    expect(asked.map(({ kind }) => kind)).toEqual(['runs', 'summaries', 'run']);
  });

  it('reads a page of runs at first, and another when asked', async () => {
    const { library, timers, state } = setup();
    state.runs = Array.from({ length: 450 }, (_, i) => summary({ run: `r${i}` }));
    library.setStores([STORE]);
    await timers.advance(200);
    expect([library.runsOf(EXPERIMENT).length, library.notLoaded(EXPERIMENT)]).toEqual([200, 250]);
    await library.loadMore(EXPERIMENT);
    expect([library.runsOf(EXPERIMENT).length, library.notLoaded(EXPERIMENT)]).toEqual([400, 50]);
  });

  it('drops a run that was deleted elsewhere', async () => {
    const { library, timers, state, changes } = setup();
    library.setStores([STORE]);
    await timers.advance(200);
    const marks = { star: false, name: null, note: null, tags: [], deleted: true };
    state.runs = [summary({ marks })];
    changes.fire({ store: STORE, runs: ['r1'] });
    await timers.advance(200);
    expect(library.runsOf(EXPERIMENT)).toEqual([]);
  });

  it('asks how a going run stands at most once a second, and forgets it when the run is over', async () => {
    const { library, timers, asked, changes, state } = setup();
    state.runs = [summary({ status: 'running', ended: null })];
    library.wantDetails('test', true);
    library.setStores([STORE]);
    await timers.advance(200);
    for (let i = 0; i < 20; i++) {
      changes.fire({ store: STORE, runs: ['r1'] });
      await timers.advance(100);
    }
    const times = asked.filter(({ kind }) => kind === 'standing').length;
    expect(times).toBeGreaterThan(1);
    expect(times).toBeLessThanOrEqual(3);
    expect(library.standingOf(EXPERIMENT, 'r1')?.[0].mean).toBe(0.4);
    state.runs = [summary()];
    changes.fire({ store: STORE, runs: ['r1'] });
    await timers.advance(200);
    expect(library.standingOf(EXPERIMENT, 'r1')).toBeUndefined();
  });

  it('keeps the runs of a folder that was moved, and forgets stores that are gone', async () => {
    const { library, timers, state } = setup();
    state.runs = [
      summary({ experiment: '/elsewhere/penguins.mtl.yaml' }),
      summary({ experiment: '/elsewhere/b.mtl.yaml' }),
    ];
    library.setStores([STORE]);
    await timers.advance(200);
    expect(library.runsOf(EXPERIMENT)).toHaveLength(1);
    library.setStores([]);
    expect(library.allRuns()).toEqual([]);
  });

  it('knows the experiments that runs are of, wherever their files were', async () => {
    const { library, timers, state } = setup();
    state.runs = [summary(), summary({ run: 'r2', experiment: '/elsewhere/gone.mtl.yaml' })];
    library.setStores([STORE]);
    await timers.advance(200);
    expect(library.experimentsWithRuns()).toEqual([EXPERIMENT, `${FOLDER}/gone.mtl.yaml`]);
  });

  it('says why it cannot read, until it can', async () => {
    const { library, timers, state, drawn } = setup();
    state.failing = true;
    library.setStores([STORE]);
    await timers.advance(200);
    expect(library.problem).toBe('The index cannot be opened.');
    expect(drawn()).toBe(1);
    state.failing = false;
    library.refresh();
    await timers.advance(200);
    expect(library.problem).toBeUndefined();
  });
});
