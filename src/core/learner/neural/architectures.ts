import { type Blueprint, BlueprintBuilder, type BufferId, type NetShape, type TiedLayer } from './blueprint';

/** The steps and parameters of a net of that shape. */
export function layOut(shape: NetShape): Blueprint {
  const builder = new BlueprintBuilder(shape);
  const input = embed(builder);
  architectures[shape.architecture](builder, input);
  return builder.finish();
}

/**
 * Shared bottom (Caruana 1997): every task reads the same layers. MMoE (Ma et al. 2018): every task mixes the same
 * experts by a gate of its own. CGC (Tang et al. 2020): experts of each task beside shared ones, mixed once. PLE (the same
 * paper): the same layer after layer, with gates that mix what a task may see. Cross-stitch (Misra et al. 2016): a net a
 * task, mixed after every layer. Soft sharing (Duong et al. 2015): a net a task, pulled together.
 */
const architectures: Readonly<
  Record<NetShape['architecture'], (builder: BlueprintBuilder, input: BufferId) => void>
> = {
  'shared-bottom': (builder, input) => {
    const { hidden, tower, heads } = builder.shape;
    const bottom = builder.stack(input, hidden, 'layer');
    if (tower.length > 0)
      return privateHeads(
        builder,
        heads.map(() => bottom),
      );
    const width = heads.reduce((sum, head) => sum + head.width, 0);
    const buffer = builder.affine(bottom, width, `layer${hidden.length}`, 'head');
    builder.outputs.push({ buffer, width, heads: heads.map((head, task) => ({ ...head, task })) });
  },

  mmoe: (builder, input) => {
    const { hidden, experts, heads } = builder.shape;
    const made = range(experts).map((e) => builder.stack(input, hidden, `expert${e}.layer`));
    privateHeads(
      builder,
      heads.map((_, t) =>
        builder.mixture(made, builder.affine(input, experts, `task${t}.gate`, 'weights', t)),
      ),
    );
  },

  cgc: (builder, input) => {
    const { hidden, experts, taskExperts, heads } = builder.shape;
    const common = range(experts).map((e) => builder.stack(input, hidden, `expert${e}.layer`));
    privateHeads(
      builder,
      heads.map((_, t) => {
        const own = range(taskExperts).map((e) =>
          builder.stack(input, hidden, `task${t}.expert${e}.layer`, t),
        );
        const gate = builder.affine(input, taskExperts + experts, `task${t}.gate`, 'weights', t);
        return builder.mixture([...own, ...common], gate);
      }),
    );
  },

  ple: (builder, input) => {
    const { hidden, experts, taskExperts, heads } = builder.shape;
    let shared = input;
    let own: readonly BufferId[] = heads.map(() => input);
    hidden.forEach((width, l) => {
      const common = range(experts).map((e) => builder.layer(shared, width, `level${l}.expert${e}`));
      const privates = own.map((from, task) =>
        range(taskExperts).map((e) =>
          builder.layer(from, width, `level${l}.task${task}.expert${e}`, { task }),
        ),
      );
      const gates = own.map((from, t) =>
        builder.affine(from, taskExperts + experts, `level${l}.task${t}.gate`, 'weights', t),
      );
      if (l + 1 < hidden.length) {
        const all = [...privates.flat(), ...common];
        shared = builder.mixture(all, builder.affine(shared, all.length, `level${l}.gate`, 'weights'));
      }
      own = gates.map((gate, t) => builder.mixture([...privates[t], ...common], gate));
    });
    privateHeads(builder, own);
  },

  'cross-stitch': (builder, input) => {
    const { hidden, heads } = builder.shape;
    const tasks = heads.length;
    let own: readonly BufferId[] = heads.map(() => input);
    hidden.forEach((width, l) => {
      const made = own.map((from, task) => builder.layer(from, width, `task${task}.layer${l}`, { task }));
      if (tasks === 1) {
        own = made;
        return;
      }
      // As in the paper: mostly one's own, a little of the others'.
      const start = range(tasks * tasks).map((i) => (i % (tasks + 1) === 0 ? 0.9 : 0.1 / (tasks - 1)));
      const mixing = builder.parameter(`layer${l}.mixing`, tasks, tasks, { role: 'free', start });
      const to = made.map(() => builder.buffer(width));
      builder.steps.push({ kind: 'stitch', from: made, to, mixing });
      own = to;
    });
    privateHeads(builder, own);
  },

  'soft-sharing': (builder, input) => {
    const { hidden, heads, tieHeads } = builder.shape;
    let own: readonly BufferId[] = heads.map(() => input);
    hidden.forEach((width, l) => {
      const tied: TiedLayer = { common: builder.dense(own[0], width, `layer${l}`) };
      own = own.map((from, task) => builder.layer(from, width, `task${task}.layer${l}`, { task, tied }));
      builder.lastShared = tied.common.weights;
    });
    if (!tieHeads) return privateHeads(builder, own);
    const { width } = heads[0];
    const tied: TiedLayer = { common: builder.dense(own[0], width, 'head', undefined, 'head') };
    own.forEach((from, task) => {
      const buffer = builder.buffer(width);
      const offsets = builder.offsets(tied, `task${task}.head`, task);
      builder.steps.push({ kind: 'dense', from, to: buffer, ...tied.common, offsets, rectify: false });
      builder.outputs.push({ buffer, width, heads: [{ ...heads[task], offset: 0, task }] });
    });
  },
};

/** Each task's own layers and linear head, from what it reads. */
function privateHeads(builder: BlueprintBuilder, from: readonly BufferId[]): void {
  const { heads, tower } = builder.shape;
  heads.forEach((head, task) => {
    const top = builder.stack(from[task], tower, `task${task}.tower`, task);
    const buffer = builder.affine(top, head.width, `task${task}.head`, 'head', task);
    builder.outputs.push({ buffer, width: head.width, heads: [{ ...head, offset: 0, task }] });
  });
}

/**
 * Learned vectors of categories: one linear layer over the one-hot columns, of which only each category's own block is
 * free; the other columns pass through as they are.
 */
function embed(builder: BlueprintBuilder): BufferId {
  const { inputs, embedding: width, categories } = builder.shape;
  const embedded = categories.filter(({ from, to }) => width > 0 && to - from > width);
  if (embedded.length === 0) return 0;
  const passed: { from: number; to: number }[] = [];
  for (let column = 0; column < inputs; column++) {
    if (embedded.some(({ from, to }) => from <= column && column < to)) continue;
    passed.push({ from: column, to: passed.length });
  }
  const blocks = embedded.map(({ from, to }, e) => {
    const start = passed.length + e * width;
    return { from, to, columns: { from: start, to: start + width } };
  });
  const columns = passed.length + embedded.length * width;
  const parameter = builder.parameter('embedding', inputs, columns, { role: 'free', start: 'embedding' });
  builder.embedding = { parameter, passed, blocks };
  const to = builder.buffer(columns);
  builder.steps.push({ kind: 'dense', from: 0, to, weights: parameter, rectify: false });
  return to;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
