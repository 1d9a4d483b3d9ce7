import { describe, expect, it } from 'vitest';
import type { SessionPorts } from '../../../src/extension/panels/ports';
import { PanelSession } from '../../../src/extension/panels/session';
import type { HostMessage, Section } from '../../../src/protocol/panel';
import { hostMessage } from '../../../src/protocol/panel';
import type { Query } from '../../../src/protocol/queries';
import { board, detail, EXPERIMENT, ManualTimers, path, summary } from './support';

function setup(part: { trusted?: boolean; runs?: ReturnType<typeof summary>[]; view?: Section } = {}) {
  const timers = new ManualTimers();
  const posted: HostMessage[] = [];
  const asked: Query[] = [];
  const calls: unknown[] = [];
  const state: {
    detail: ReturnType<typeof detail>;
    runs: ReturnType<typeof summary>[];
    /** Why nothing can be read. */
    problem?: string | undefined;
    /** Configurations that have curves. */
    recorded: (query: Query) => readonly number[];
    /** The experiment file was deleted. */
    isGone?: boolean;
  } = {
    detail: detail({ leaderboard: board() }),
    runs: part.runs ?? [summary()],
    recorded: () => [0, 1, 2],
  };
  const answer = (query: Query): unknown => {
    if (query.kind === 'run')
      return { ...state.detail, summary: { ...state.detail.summary, run: query.run } };
    if (query.kind === 'trials' || query.kind === 'compare') return { columns: [], rows: [], total: 0 };
    if (query.kind === 'path') return { paths: [path()] };
    return { curves: [], recorded: state.recorded(query), steps: [] };
  };
  const ports: SessionPorts = {
    queries: {
      ask: async (query) => {
        asked.push(query);
        if (state.problem !== undefined) throw new Error(state.problem);
        return answer(query) as never;
      },
      onChanged: () => ({ dispose: () => undefined }),
    },
    post: (message) => posted.push(message),
    outline: () => undefined,
    runs: () => state.runs,
    trusted: () => part.trusted ?? true,
    run: async () => 'new-run',
    sweep: async (...call) => {
      calls.push(call);
      return 'swept';
    },
    forecast: async () => ({ fits: 29, reused: 4, workers: 2, estimate: { seconds: 3, basis: 'measured' } }),
    writeSweep: async (...call) => {
      calls.push(call);
    },
    pause: async (...call) => {
      calls.push(['pause', ...call]);
    },
    continue: async (...call) => {
      calls.push(['continue', ...call]);
    },
    extend: async (...call) => {
      calls.push(call);
      return 'r1';
    },
    stop: async () => undefined,
    resume: async () => 'r1',
    openExperiment: async () => {
      if (state.isGone) throw new Error('penguins.mtl.yaml is gone');
    },
    save: async (...call) => {
      calls.push(call);
      return '/somewhere/plot.svg';
    },
    openPanel: (experiment) => {
      calls.push(['panel', experiment]);
    },
    copy: async (text) => {
      calls.push(text);
    },
    log: (line) => calls.push(line),
  };
  const view = part.view ?? 'curves';
  const session = new PanelSession(ports, { experiment: EXPERIMENT, run: null, model: null, view }, timers);
  const kinds = () => posted.map(({ kind }) => kind);
  return { timers, posted, asked, calls, state, session, kinds };
}

describe('a metrics panel’s session', () => {
  it('says nothing before the panel listens, then sends each part once, all of the agreed form', async () => {
    const { session, timers, posted, kinds } = setup();
    session.changed();
    await timers.advance(500);
    expect(posted).toEqual([]);
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(kinds()).toEqual(['overview', 'paths', 'curves']);
    for (const message of posted)
      expect(hostMessage.safeParse(JSON.parse(JSON.stringify(message))).success).toBe(true);
    session.changed();
    await timers.advance(500);
    expect(kinds()).toEqual(['overview', 'paths', 'curves']);
  });

  it('asks at most five times a second however many events come, and not at all while hidden', async () => {
    const { session, timers, asked } = setup();
    await session.receive({ kind: 'ready' });
    await timers.advance(200);
    const before = asked.length;
    for (let i = 0; i < 100; i++) {
      session.changed(['r1']);
      await timers.advance(10);
    }
    const overviews = asked.slice(before).filter(({ kind }) => kind === 'run');
    expect(overviews.length).toBeLessThanOrEqual(6);
    session.setVisible(false);
    await timers.advance(1000);
    const hidden = asked.length;
    session.changed(['r1']);
    await timers.advance(1000);
    expect(asked.length).toBe(hidden);
  });

  it('sends everything anew when the panel is shown again', async () => {
    const { session, timers, kinds, posted } = setup();
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    session.setVisible(false);
    session.setVisible(true);
    posted.length = 0;
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(kinds()).toEqual(['overview', 'paths', 'curves']);
  });

  it('sends a part as a snapshot again when the panel missed something of it', async () => {
    const { session, timers, kinds, posted } = setup();
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    posted.length = 0;
    await session.receive({ kind: 'resync', part: 'curves' });
    await timers.advance(500);
    expect(kinds()).toEqual(['curves']);
  });

  it('sends what the panel forgot while it looked at another run', async () => {
    const { session, timers, kinds, posted } = setup({ runs: [summary(), summary({ run: 'r0' })] });
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    const watch = { kind: 'watch', model: null, configuration: null } as const;
    await session.receive({ ...watch, view: 'leaderboard', run: 'r0' });
    await timers.advance(500);
    posted.length = 0;
    await session.receive({ ...watch, view: 'curves', run: 'r1' });
    await timers.advance(500);
    expect(kinds()).toContain('curves');
  });

  it('asks for the curves of other models and runs beside, each at its own λ, and not of runs that are gone', async () => {
    const { session, timers, asked, posted } = setup({ runs: [summary(), summary({ run: 'r0' })] });
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    const beside = ['r0', 'gone'].map((run) => ({ run, model: 'linear' }));
    await session.receive({ kind: 'watch', run: null, model: 'linear', configuration: null, beside });
    await timers.advance(500);
    const of = asked.flatMap((query) => (query.kind === 'curves' ? [query.run] : []));
    expect(of.slice(-2)).toEqual(['r1', 'r0']);
    expect(posted.at(-1)).toMatchObject({ kind: 'curves', beside: [{ run: 'r0', model: 'linear' }] });
  });

  it('shows the curves of the chosen λ, and of another one when asked', async () => {
    const { session, timers, asked } = setup();
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(asked.at(-1)).toMatchObject({ kind: 'curves', configuration: 1 });
    await session.receive({ kind: 'watch', run: null, model: 'linear', configuration: 2 });
    await timers.advance(500);
    expect(asked.at(-1)).toMatchObject({ kind: 'curves', configuration: 2 });
  });

  it('begins with the best λ that has curves where the chosen one has none, and says when one is asked for that has none', async () => {
    const { session, timers, asked, posted, state } = setup();
    state.recorded = () => [0, 2];
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    const curves = () => asked.flatMap((query) => (query.kind === 'curves' ? [query] : []));
    expect(curves().at(-1)).toMatchObject({ configuration: 2, maxPoints: 800 });
    expect(posted.at(-1)).toMatchObject({ kind: 'curves', configuration: 2 });
    await session.receive({ kind: 'watch', run: null, model: 'linear', configuration: 1 });
    await timers.advance(500);
    expect(posted.at(-1)).toMatchObject({ kind: 'curves', configuration: 1, curves: [] });
  });

  it('begins with the first model that has curves, and stays with it; other views begin with the first', async () => {
    const { session, timers, posted, state } = setup();
    const has = (...models: readonly string[]) => {
      state.recorded = (query) => ('model' in query && models.includes(String(query.model)) ? [1] : []);
    };
    const model = () => posted.findLast((message) => message.kind === 'overview')?.model;
    has('forest');
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(model()).toBe('forest');
    expect(posted.at(-1)).toMatchObject({ kind: 'curves', model: 'forest' });
    has('linear', 'forest');
    session.changed();
    await timers.advance(500);
    expect(model()).toBe('forest');
    const watch = { kind: 'watch', run: null, configuration: null } as const;
    await session.receive({ ...watch, model: null, view: 'path' });
    await timers.advance(500);
    expect(model()).toBe('linear');
    await session.receive({ ...watch, model: 'linear', view: 'curves' });
    await timers.advance(500);
    expect(model()).toBe('linear');
  });

  it('asks for the distribution over tasks first where they are many, and for one task when it is picked', async () => {
    const { session, timers, asked, state } = setup();
    const [task] = state.detail.tasks;
    state.detail = {
      ...state.detail,
      tasks: Array.from({ length: 40 }, (_, t) => ({ ...task, id: `t${t}` })),
    };
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(asked.slice(-3).map(({ kind }) => kind)).toEqual(['curves', 'distribution', 'distribution']);
    expect(asked.at(-3)).toMatchObject({ quantities: ['objective', 'penalty', 'learningRate'] });
    const range = { from: 10, to: 20 };
    await session.receive({
      kind: 'watch',
      run: null,
      model: 'linear',
      configuration: null,
      task: 't7',
      range,
    });
    await timers.advance(500);
    expect(asked.at(-1)).toMatchObject({ kind: 'curves', task: 't7', range, scope: 'joint' });
  });

  it('sends of each view what it draws, once it is shown, and nothing for the others', async () => {
    const { session, timers, kinds, asked } = setup({ view: 'leaderboard' });
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(kinds()).toEqual(['overview']);
    const watch = { kind: 'watch', run: null, model: null, configuration: null } as const;
    await session.receive({ ...watch, view: 'compare' });
    await timers.advance(500);
    expect(kinds().slice(1)).toEqual(['overview', 'compare']);
    await session.receive({ ...watch, view: 'trials' });
    await timers.advance(500);
    expect(asked.at(-1)).toMatchObject({ kind: 'trials', run: 'r1' });
    expect(kinds()).not.toContain('curves');
  });

  it('compares two models when asked, and says why it cannot', async () => {
    const { session, posted, asked } = setup();
    const [a, b] = [
      { run: 'r1', row: 'linear' },
      { run: 'r2', row: 'forest' },
    ];
    await session.receive({ kind: 'pair', a, b });
    expect(asked.at(-1)).toMatchObject({ kind: 'paired', a, b });
    expect(posted.at(-1)).toMatchObject({ kind: 'paired', a, b, problem: null });
  });

  it('says so where the experiment file is gone', async () => {
    const { session, posted, state } = setup();
    await session.receive({ kind: 'openExperiment' });
    expect(posted).toEqual([]);
    state.isGone = true;
    await session.receive({ kind: 'openExperiment' });
    expect(posted).toEqual([{ kind: 'launched', ok: false, message: 'penguins.mtl.yaml is gone' }]);
  });

  it('saves a picture where the person says, and says so', async () => {
    const { session, posted, calls } = setup();
    await session.receive({ kind: 'save', name: 'loss', format: 'png', content: 'iVBORw==' });
    expect(calls).toEqual([[EXPERIMENT, 'loss.png', Buffer.from([0x89, 0x50, 0x4e, 0x47])]]);
    expect(posted.at(-1)).toMatchObject({
      kind: 'launched',
      ok: true,
      message: 'Saved /somewhere/plot.svg.',
    });
    await session.receive({ kind: 'save', name: '../../loss', format: 'png', content: '' });
    expect(calls.at(-1)).toMatch(/something unknown/);
  });

  it('follows the newest run until one is chosen', async () => {
    const { session, timers, posted, state } = setup();
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    state.runs = [summary({ run: 'r9', status: 'running' }), summary()];
    session.changed();
    await timers.advance(500);
    const runs = posted.flatMap((message) =>
      message.kind === 'overview' ? [message.detail?.summary.run] : [],
    );
    expect(runs).toEqual(['r1', 'r9']);
  });

  it('goes on to a run that begins without leaving the view one is at', async () => {
    const { session, timers, posted, state } = setup({ view: 'curves' });
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    state.runs = [summary({ run: 'r9', status: 'running' }), summary()];
    session.follow('r9');
    await timers.advance(500);
    const seen = posted.flatMap((message) =>
      message.kind === 'overview' ? [[message.detail?.summary.run, message.state.view]] : [],
    );
    expect(seen).toEqual([
      ['r1', 'curves'],
      ['r9', 'curves'],
    ]);
    expect(posted.some(({ kind }) => kind === 'reveal')).toBe(false);
  });

  it('tries again what could not be read, though nothing says that it changed', async () => {
    const { session, timers, posted, state } = setup({ view: 'leaderboard' });
    state.problem = 'database is locked';
    await session.receive({ kind: 'ready' });
    await timers.advance(300);
    expect(posted).toEqual([{ kind: 'problem', message: 'database is locked' }]);
    state.problem = undefined;
    await timers.advance(2000);
    expect(posted.slice(1).map(({ kind }) => kind)).toEqual(['overview', 'problem']);
  });

  it('launches a sweep and shows its run', async () => {
    const { session, timers, posted, calls, asked } = setup();
    await session.receive({ kind: 'ready' });
    const sweep = { model: 'linear', over: { lambda: { points: 5 } }, folds: 3 };
    await session.receive({ kind: 'sweep', sweep });
    await timers.advance(500);
    expect(calls).toEqual([[EXPERIMENT, sweep]]);
    expect(posted).toContainEqual({ kind: 'launched', ok: true, message: 'Sweep of linear started.' });
    expect(asked).toContainEqual(expect.objectContaining({ kind: 'run', run: 'swept' }));
  });

  it('says what a sweep would take, writes it to the file, pauses, goes on and extends', async () => {
    const { session, posted, calls } = setup();
    const sweep = { model: 'linear', over: { lambda: [1, 0.1] } };
    await session.receive({ kind: 'forecast', sweep });
    expect(posted.at(-1)).toEqual({
      kind: 'forecast',
      asked: JSON.stringify(sweep),
      forecast: { fits: 29, reused: 4, workers: 2, seconds: 3, basis: 'measured' },
      problem: null,
    });
    await session.receive({ kind: 'writeSweep', sweep });
    expect(calls.at(-1)).toEqual([EXPERIMENT, sweep]);
    await session.receive({ kind: 'pause', run: 'r1' });
    await session.receive({ kind: 'continue', run: 'r1' });
    expect(calls.slice(-2)).toEqual([
      ['pause', EXPERIMENT, 'r1'],
      ['continue', EXPERIMENT, 'r1'],
    ]);
    const extension = { kind: 'extend', run: 'r1', model: 'linear', points: 6, from: null, to: null };
    await session.receive(extension);
    expect(calls.at(-1)).toEqual([EXPERIMENT, extension]);
  });

  it('runs nothing in Restricted Mode and drops what is not a message', async () => {
    const { session, posted, calls } = setup({ trusted: false });
    const sweep = { model: 'linear', over: { lambda: { points: 5 } } };
    await session.receive({ kind: 'sweep', sweep });
    expect(posted).toEqual([expect.objectContaining({ kind: 'launched', ok: false })]);
    await session.receive({ kind: 'forecast', sweep });
    expect(posted).toHaveLength(1);
    expect(calls).toEqual([]);
    await session.receive({ kind: 'sweep', sweep: { over: {} } });
    await session.receive({ kind: 'format disk' });
    expect(calls).toHaveLength(2);
    expect(posted).toHaveLength(1);
  });

  it('says which run was chosen, and takes along those that are to be compared', async () => {
    const { session, posted } = setup();
    expect(session.chosenRun).toBeUndefined();
    await session.receive({ kind: 'ready' });
    session.reveal('compare', undefined, undefined, ['r1', 'r2']);
    expect(posted.at(-1)).toEqual({ kind: 'reveal', section: 'compare', model: null, runs: ['r1', 'r2'] });
    session.reveal('leaderboard', 'r2', undefined);
    expect(posted.at(-1)).toEqual({ kind: 'reveal', section: 'leaderboard', model: null });
    expect(session.chosenRun).toBe('r2');
    await session.receive({ kind: 'watch', run: null, model: null, configuration: null });
    expect(session.chosenRun).toBeUndefined();
  });

  it('shows an experiment that has no runs', async () => {
    const { session, timers, posted } = setup({ runs: [] });
    await session.receive({ kind: 'ready' });
    await timers.advance(500);
    expect(posted).toEqual([expect.objectContaining({ kind: 'overview', detail: null, leaderboard: null })]);
  });
});
