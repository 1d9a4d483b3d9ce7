import { describe, expect, it } from 'vitest';
import { Delivery } from '../../../src/extension/panels/delivery';
import type { LambdaPath } from '../../../src/protocol/curves';
import { type HostMessage, hostMessage, type PanelMessage, panelMessage } from '../../../src/protocol/panel';
import type { CurvesPart, RowsDelta, SourcedCurve } from '../../../src/protocol/parts';
import type { RunTable } from '../../../src/protocol/tables';
import { Received, type WholeMessage } from '../../../webview/received';
import { curve as threePoints } from './curve';

/** Its last value is that of a loss that was no number. */
const curve = (own: Partial<SourcedCurve> = {}) => threePoints({ values: [3, 2, null], ...own });

const part = (...curves: SourcedCurve[]): Omit<CurvesPart, 'generation'> => ({
  kind: 'curves',
  run: 'r1',
  model: 'net',
  scope: 'joint',
  scopes: ['joint'],
  configurations: [{ configuration: 0, lambda: 0.1 }],
  configuration: 0,
  task: null,
  range: null,
  beside: [],
  curves,
  distributions: [],
});

const table = (rows: RunTable['rows'], columns = ['fold', 'mean']): RunTable => ({
  columns: columns.map((id) => ({ id, label: id, kind: 'number', role: 'score' })),
  rows,
  total: rows.length,
});

/** A host and a panel, with what goes between them: as text, as the editor passes it on, and checked. */
function pair() {
  const wire: HostMessage[] = [];
  const shown: WholeMessage[] = [];
  const asked: PanelMessage[] = [];
  const waiting: (() => void)[] = [];
  const delivery = new Delivery(
    (message) => wire.push(message),
    (action) => waiting.push(action),
  );
  const received = new Received((message) => asked.push(panelMessage.parse(message)));
  /** @param lost whether what was sent does not arrive */
  const pass = (lost = false) => {
    for (const message of wire.splice(0)) {
      if (lost) continue;
      const whole = received.take(hostMessage.parse(JSON.parse(JSON.stringify(message))));
      if (whole) shown.push(whole);
    }
    return shown.at(-1);
  };
  /** Others had their turn. */
  const turn = () => {
    for (const action of waiting.splice(0)) action();
  };
  return { wire, shown, asked, delivery, pass, turn };
}

describe('curves on their way to the panel', () => {
  it('come whole once, then no more than their new points, and are the same at both ends', () => {
    const { wire, delivery, pass } = pair();
    const first = part(curve(), curve({ task: 'mass' }));
    delivery.sendCurves(first);
    expect(pass()).toMatchObject(first);
    // A thinned curve's last points change while it grows; a fold that begins is a new curve.
    const next = part(
      curve({ steps: [1, 2, 4, 5], values: [3, 2, 1, 0.5], total: 5 }),
      curve({ task: 'mass' }),
      curve({ trial: 't1', fold: 1 }),
    );
    delivery.sendCurves(next);
    expect(wire).toEqual([
      {
        kind: 'curvesDelta',
        generation: 1,
        sequence: 1,
        grown: [{ key: expect.any(String), keep: 2, steps: [4, 5], values: [1, 0.5], total: 5 }],
        added: [curve({ trial: 't1', fold: 1 })],
        distributions: null,
      },
    ]);
    expect(pass()).toMatchObject(next);
  });

  it('are not sent where nothing changed, and anew where something else than points did', () => {
    const { wire, delivery, pass } = pair();
    delivery.sendCurves(part(curve()));
    pass();
    delivery.sendCurves(part(curve()));
    expect(wire).toEqual([]);
    delivery.sendCurves({ ...part(curve()), task: 'sex' });
    expect(wire).toMatchObject([{ kind: 'curves', generation: 2 }]);
    pass();
    delivery.sendCurves({ ...part(), task: 'sex' });
    expect(wire).toMatchObject([{ kind: 'curves', generation: 3 }]);
  });

  it('are asked for as a snapshot, once, where a delta is missing, and go on from it', () => {
    const { asked, delivery, pass, shown } = pair();
    const grown = (points: number) => {
      const steps = Array.from({ length: points }, (_, i) => i);
      return part(curve({ steps, values: steps, total: points }));
    };
    delivery.sendCurves(grown(1));
    pass();
    delivery.sendCurves(grown(2));
    pass(true);
    for (const points of [3, 4]) {
      delivery.sendCurves(grown(points));
      pass();
    }
    expect(asked).toEqual([{ kind: 'resync', part: 'curves' }]);
    expect(shown).toHaveLength(1);
    delivery.forget('curves');
    delivery.sendCurves(grown(5));
    expect(pass()).toMatchObject(grown(5));
    delivery.sendCurves(grown(6));
    expect(pass()).toMatchObject(grown(6));
    expect(asked).toHaveLength(1);
  });

  it('of an older generation are not taken for those of a newer one', () => {
    const { wire, asked, delivery, pass } = pair();
    delivery.sendCurves(part(curve()));
    pass();
    delivery.sendCurves(part(curve({ steps: [1, 2, 3, 4], values: [3, 2, null, 1], total: 4 })));
    const [late] = wire.splice(0);
    delivery.clear();
    delivery.sendCurves(part(curve({ steps: [9], values: [9], total: 1 })));
    const now = pass();
    wire.push(late);
    expect(pass()).toBe(now);
    expect(asked).toEqual([{ kind: 'resync', part: 'curves' }]);
  });
});

const point = (configuration: number, mean: number | null, tasks = 2): LambdaPath['points'][number] => ({
  configuration,
  lambda: 1 / (1 + configuration),
  mean,
  standardError: null,
  tasks: Array.from({ length: tasks }, (_, t) => ({
    task: `t${t}`,
    metric: 'auc',
    mean,
    standardError: null,
  })),
  activeFeatures: null,
});

const pathOf = (points: LambdaPath['points'], own: Partial<LambdaPath> = {}): LambdaPath => ({
  model: 'linear',
  scope: 'joint',
  folds: { done: 1, total: 3 },
  points,
  chosen: null,
  best: null,
  oneStandardError: null,
  ...own,
});

describe('λ paths on their way to the panel', () => {
  const send = (...paths: LambdaPath[]) => ({ kind: 'paths', run: 'r1', model: 'linear', paths }) as const;
  const twin = pathOf([point(0, 0.1)], { scope: 'single-task' });

  it('come whole once, then no more than the points that changed, and nothing where none did', () => {
    const { wire, delivery, pass } = pair();
    delivery.sendPaths(send(pathOf([point(0, 0.5), point(1, null)]), twin));
    expect(pass()).toMatchObject(send(pathOf([point(0, 0.5), point(1, null)]), twin));
    delivery.sendPaths(send(pathOf([point(0, 0.5), point(1, null)]), twin));
    expect(wire).toEqual([]);
    const next = send(pathOf([point(0, 0.5), point(1, 0.75), point(2, null)]), twin);
    delivery.sendPaths(next);
    expect(wire).toEqual([
      {
        kind: 'pathsDelta',
        generation: 1,
        sequence: 1,
        paths: [
          {
            scope: 'joint',
            head: null,
            points: [
              { at: 1, point: point(1, 0.75) },
              { at: 2, point: point(2, null) },
            ],
          },
        ],
      },
    ]);
    expect(pass()).toMatchObject(next);
  });

  it('bring the choice when it is made, without the points', () => {
    const { wire, delivery, pass } = pair();
    const points = [point(0, 0.5), point(1, 0.75)];
    delivery.sendPaths(send(pathOf(points), twin));
    pass();
    const chosen = pathOf(points, { chosen: 1, best: 1, folds: { done: 3, total: 3 } });
    delivery.sendPaths(send(chosen, twin));
    expect(wire).toMatchObject([
      { kind: 'pathsDelta', paths: [{ scope: 'joint', head: { chosen: 1 }, points: [] }] },
    ]);
    expect(pass()).toMatchObject(send(chosen, twin));
  });

  it('come whole again of another model, and where points went or a delta was lost', () => {
    const { wire, delivery, pass, asked } = pair();
    const two = send(pathOf([point(0, 0.5), point(1, 0.75)]));
    delivery.sendPaths(two);
    pass();
    delivery.sendPaths({ ...two, model: 'net' });
    expect(wire).toMatchObject([{ kind: 'paths', generation: 2 }]);
    pass();
    delivery.sendPaths({ ...send(pathOf([point(0, 0.5)])), model: 'net' });
    expect(wire).toMatchObject([{ kind: 'paths', generation: 3 }]);
    pass();
    for (const [mean, lost] of [
      [0.6, true],
      [0.7, false],
    ] as const) {
      delivery.sendPaths({ ...send(pathOf([point(0, mean)])), model: 'net' });
      pass(lost);
    }
    expect(asked).toEqual([{ kind: 'resync', part: 'paths' }]);
  });

  it('come in pieces where tasks are many, with time for others between', () => {
    const { wire, delivery, pass, turn } = pair();
    const large = (mean: number) =>
      send(
        pathOf(Array.from({ length: 20 }, (_, i) => point(i, mean, 999))),
        pathOf([point(0, mean, 999)], { scope: 'single-task' }),
      );
    const points = () =>
      wire.flatMap((message) =>
        'paths' in message ? [message.paths.reduce((sum, { points: own }) => sum + own.length, 0)] : [],
      );
    delivery.sendPaths(large(0.1));
    for (let i = 0; i < 10; i++) turn();
    expect(points()).toEqual([5, 5, 5, 5, 1]);
    expect(pass()).toMatchObject(large(0.1));
    delivery.sendPaths(large(0.2));
    expect(points()).toEqual([5]);
    delivery.sendPaths(large(0.3));
    for (let i = 0; i < 10; i++) turn();
    expect(pass()).toMatchObject(large(0.3));
  });
});

describe('tables on their way to the panel', () => {
  it('come whole once, then the rows that are new or changed', () => {
    const { wire, delivery, pass } = pair();
    delivery.sendTable({
      kind: 'trials',
      run: 'r1',
      table: table([
        [0, 0.5],
        [1, null],
      ]),
    });
    pass();
    const next = table([
      [0, 0.5],
      [1, 0.75],
      [2, null],
    ]);
    delivery.sendTable({ kind: 'trials', run: 'r1', table: next });
    expect(wire).toEqual([
      {
        kind: 'rowsDelta',
        part: 'trials',
        generation: 1,
        sequence: 1,
        rows: [
          { at: 1, row: [1, 0.75] },
          { at: 2, row: [2, null] },
        ],
        total: 3,
      },
    ]);
    expect(pass()).toMatchObject({ kind: 'trials', table: next });
    delivery.sendTable({ kind: 'trials', run: 'r1', table: next });
    expect(wire).toEqual([]);
  });

  it('come in pieces where they are large, with time for others between, and what is newer takes over', () => {
    const { wire, delivery, pass, turn } = pair();
    const count = 40_000;
    const large = (mean: number) => table(Array.from({ length: count }, (_, i) => [i, mean + (i % 7)]));
    const cells = () =>
      wire.map((message) => ('table' in message ? message.table : (message as RowsDelta)).rows.length * 2);
    delivery.sendTable({ kind: 'trials', run: 'r1', table: large(0) });
    expect(cells()).toEqual([15_000]);
    turn();
    expect(cells()).toEqual([15_000, 15_000]);
    delivery.sendTable({ kind: 'trials', run: 'r1', table: large(1) });
    for (let i = 0; i < 10; i++) turn();
    expect(Math.max(...cells())).toBe(15_000);
    expect(pass()).toMatchObject({ kind: 'trials', table: large(1) });
    delivery.sendTable({ kind: 'trials', run: 'r2', table: large(2) });
    delivery.clear();
    wire.splice(0);
    turn();
    expect(wire).toEqual([]);
  });

  it('come whole again where the columns, or the run, are others, or rows went', () => {
    const { wire, delivery, pass } = pair();
    const send = (run: string, sent: RunTable) => {
      delivery.sendTable({ kind: 'trials', run, table: sent });
      const kinds = wire.map(({ kind }) => kind);
      pass();
      return kinds;
    };
    expect(send('r1', table([[0, 1]]))).toEqual(['trials']);
    expect(send('r2', table([[0, 1]]))).toEqual(['trials']);
    expect(send('r2', table([[0, 1]], ['fold', 'other']))).toEqual(['trials']);
    expect(send('r2', table([], ['fold', 'other']))).toEqual(['trials']);
    expect(send('r2', table([[0, 2]], ['fold', 'other']))).toEqual(['rowsDelta']);
    delivery.sendTable({ kind: 'compare', table: table([[0, 1]]) });
    expect(wire.map(({ kind }) => kind)).toEqual(['compare']);
  });
});
