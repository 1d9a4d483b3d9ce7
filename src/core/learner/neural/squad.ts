import { Random } from '../../random';
import { layOut } from './architectures';
import type { NetShape } from './blueprint';
import { Executor } from './executor';
import { type Kernels, type Program, paddedRows } from './kernels';
import { Losses } from './losses';
import { type Bench, Member, type MemberPlan, type MemberVectors, storeEmbeddingMask } from './member';
import type { Table } from './tables';
import { Workspace } from './workspace';

/** What the threads of one training have in common, as data; places are byte offsets in their memory. */
export interface SquadPlan {
  readonly shape: NetShape;
  readonly seed: number;
  readonly members: readonly (MemberPlan & { readonly vectors: MemberVectors })[];
  readonly table: Table;
  readonly heldOut?: Table;
  /** Rows of a batch, and the most in a forward pass outside training. */
  readonly batch: number;
  readonly forwardRows: number;
  readonly places: {
    /** Row numbers of the epoch, in its order. */
    readonly order: number;
    /** The dropout stream's state before the first batch of a call. */
    readonly dropping: number;
    /** And after the last. */
    readonly dropped: number;
    /** Numbers of the members of a call. */
    readonly called: number;
    /** What a thread works with, one a thread. */
    readonly benches: readonly number[];
  };
}

/** One thread's tools for the members of a stack: all of them, as any thread may be asked to step any member. */
export class Squad {
  readonly members: readonly Member[];
  private readonly bench: Bench;
  private readonly evaluation: Bench | undefined;
  private readonly rowNumbers: number;
  private readonly dropping = new Random(0);

  /** @param workspace from which the bench is allocated: at the same place by every thread that makes it */
  constructor(
    private readonly plan: SquadPlan,
    private readonly workspace: Workspace,
  ) {
    const { heldOut, batch, forwardRows } = plan;
    this.bench = setUp(plan, workspace, paddedRows(batch), true);
    this.evaluation = heldOut && setUp(plan, workspace, forwardRows, false);
    this.rowNumbers = workspace.allocate(forwardRows);
    this.members = plan.members.map((member) => new Member(member, this.bench, member.vectors));
  }

  /**
   * Steps members on the batches of rows start … end of the epoch's order, each batch fetched (and its dropout drawn)
   * once for all of them.
   * @param steps taken before the first of these batches
   */
  train(members: readonly number[], epoch: number, steps: number, start: number, end: number): void {
    const { bench, plan, dropping } = this;
    const { table, batch, places } = plan;
    const { dropout } = plan.shape;
    const { integers } = this.workspace.kernels;
    dropping.restore(Uint32Array.from(integers.subarray(places.dropping / 4, places.dropping / 4 + 4)));
    let step = steps;
    for (let at = start; at < end; at += batch) {
      const rows = Math.min(batch, end - at);
      bench.executor.gather(table.inputs, table.stride, places.order + at * 4, rows);
      bench.losses.gather(table, places.order + at * 4, rows);
      if (dropout > 0) drawMasks(bench.executor, rows, dropout, dropping);
      step++;
      for (const m of members) this.members[m].step(rows, table.count / rows, epoch, step);
    }
    // Whoever else drew them left the same.
    this.workspace.kernels.integers.set(dropping.save(), places.dropped / 4);
  }

  /**
   * Does one part of a call: takes its members over from their slots, and leaves there what came of it.
   * @param values the kind; how many parts and members the call has; and, to train, the arguments of `train`
   */
  answer(part: number, [kind, parts, count, epoch, steps, start, end]: readonly number[]): void {
    const { integers } = this.workspace.kernels;
    const called = this.plan.places.called / 4;
    const from = called + Math.floor((part * count) / parts);
    const to = called + Math.floor(((part + 1) * count) / parts);
    const numbers = Array.from(integers.subarray(from, to));
    const members = numbers.map((m) => this.members[m]);
    for (const member of members) member.takeOver();
    if (kind === TRAIN) this.train(numbers, epoch, steps, start, end);
    else for (const member of members) member.heldOut.set(this.evaluate(member));
    for (const member of members) member.leave();
  }

  /** Σ_i a_it ℓ_it of every task over the held-out rows. */
  private evaluate(member: Member): Float64Array {
    const { evaluation, workspace, rowNumbers } = this;
    const { heldOut, shape } = this.plan;
    const sums = new Float64Array(shape.heads.length);
    if (!evaluation || !heldOut) return sums;
    const { executor, losses } = evaluation;
    const { integers } = workspace.kernels;
    for (let start = 0; start < heldOut.count; start += executor.capacity) {
      const rows = Math.min(executor.capacity, heldOut.count - start);
      for (let i = 0; i < rows; i++) integers[rowNumbers / 4 + i] = start + i;
      executor.gather(heldOut.inputs, heldOut.stride, rowNumbers, rows);
      losses.gather(heldOut, rowNumbers, rows);
      const pass = executor.pass(member.parameters, 0, rows, false);
      executor.forward(pass);
      losses.sums(pass.padded, sums);
    }
    return sums;
  }
}

/** What a call asks of a squad: to train or to evaluate. */
export const TRAIN = 0;
export const EVALUATE = 1;

/** A squad on a thread of its own. */
export function squadProgram(kernels: Kernels, text: string, thread: number): Program {
  const plan: SquadPlan = JSON.parse(text);
  const squad = new Squad(plan, new Workspace(kernels, plan.places.benches[thread]));
  return (part, values) => squad.answer(part, values);
}

function setUp(
  { shape, seed, members }: SquadPlan,
  workspace: Workspace,
  capacity: number,
  training: boolean,
): Bench {
  const blueprint = layOut(shape);
  const executor = new Executor(blueprint, workspace, capacity, training);
  const perTask = members.some(
    ({ parameters }) => parameters.weighting === 'pcgrad' || parameters.weighting === 'gradnorm',
  );
  return {
    blueprint,
    workspace,
    executor,
    losses: new Losses(executor),
    heads: shape.heads,
    seed,
    gradient: training ? workspace.zeros(blueprint.size) : 0,
    taskGradient: training && perTask ? workspace.zeros(blueprint.size) : 0,
    embeddingMask: training ? storeEmbeddingMask(blueprint, workspace) : 0,
  };
}

/** Dropout, inverted: kept units are scaled up, so that nothing changes when predicting. */
function drawMasks(executor: Executor, rows: number, dropout: number, random: Random): void {
  const { numbers } = executor.workspace.kernels;
  const kept = 1 / (1 - dropout);
  executor.blueprint.masks.forEach((width, m) => {
    const mask = executor.masks[m] / 4;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < width; j++) {
        const cell = mask + (j >> 3) * executor.capacity * 8 + i * 8 + (j & 7);
        numbers[cell] = random.uniform() < dropout ? 0 : kept;
      }
    }
  });
}
