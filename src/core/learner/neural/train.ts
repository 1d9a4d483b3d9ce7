import { Random, seedFrom } from '../../random';
import type { Blueprint } from './blueprint';
import { Executor } from './executor';
import type { Head } from './heads';
import { initialise } from './initial';
import { paddedRows } from './kernels';
import { Losses } from './losses';
import { type Bench, Member, type MemberPlan, type MemberState, storeEmbeddingMask } from './member';
import { learningRateAt } from './optimizer';
import { storeTable, type Table } from './tables';
import type { Examples } from './training-data';
import type { Workspace } from './workspace';

/**
 * Members that are trained together: one pass over the batches, each batch fetched (and its dropout drawn) once for all.
 * They agree in everything that decides batches and shapes; λ, learning rate and what else concerns one net alone may
 * differ.
 */
export interface Stack {
  readonly blueprint: Blueprint;
  readonly training: Examples;
  readonly heldOut?: Examples;
  readonly members: readonly MemberPlan[];
  readonly seed: number;
}

export interface EpochReport {
  /** Index into the stack's members. */
  readonly member: number;
  /** From 1. */
  readonly epoch: number;
  /** L_t over the training rows, each row as the net met it during the epoch. */
  readonly taskLosses: readonly number[];
  /** L_t over the held-out rows at the end of the epoch; NaN for a task without a label there. */
  readonly validationLosses?: readonly number[];
  /** The R that λ weighs, at the end of the epoch. */
  readonly penalty: number;
  readonly objective: number;
  readonly learningRate: number;
}

export interface TrainedNet {
  /** The net's flat vector. */
  readonly weights: Float32Array;
  /** The epoch at whose end the net had these weights. */
  readonly epoch: number;
  /**
   * With held-out rows: their loss no longer fell when training ended, before the epochs ran out. Without: every epoch
   * was finite (their number is then a choice, not a limit).
   */
  readonly converged: boolean;
}

/** The whole state of a training between two epochs: what `trainStack` goes on from, bit for bit. */
export interface StackState {
  readonly epoch: number;
  readonly steps: number;
  readonly order: Int32Array;
  readonly shuffling: Uint32Array;
  readonly dropping: Uint32Array;
  readonly members: readonly MemberState[];
}

export interface StackHooks {
  readonly signal: AbortSignal;
  report(epoch: EpochReport): void;
  /** Called after every epoch with a way to take the state; what is not taken costs nothing. */
  offer?(state: () => StackState): void;
  /** Goes on from there. */
  readonly resume?: StackState;
}

/** An improvement of the held-out loss smaller than this fraction of it does not renew the patience. */
const LEAST_IMPROVEMENT = 1e-4;
/** Rows of a forward pass outside training, and steps of members between two looks at the event loop. */
const FORWARD_ROWS = 1024;
const STEPS_BETWEEN_PAUSES = 200;

/**
 * Minimises Σ_t w_t L_t(θ) + λ R(θ) for every member over the same shuffled batches, for the given number of epochs or
 * until the held-out rows are predicted no better: then that member is dropped from the stack. The weights kept are
 * those of the epoch with the lowest Σ_t w_t L_t on the held-out rows; without any, those of the last epoch that was
 * finite.
 *
 * Everything random comes from streams of `seed` that neither a member's settings nor its neighbours can move, and a
 * member's arithmetic knows nothing of the others: together or alone, the bits are the same.
 *
 * @throws the signal's reason once it is aborted
 */
export async function trainStack(
  stack: Stack,
  workspace: Workspace,
  hooks: StackHooks,
): Promise<readonly TrainedNet[]> {
  const { blueprint, training, heldOut, seed } = stack;
  const { batch_size, dropout } = stack.members[0].parameters;
  const { heads } = blueprint.shape;
  const initial = initialise(blueprint, training, seed);
  const net = ({ kept, keptEpoch, converged }: Member): TrainedNet => ({
    weights: kept,
    epoch: keptEpoch,
    converged,
  });

  const table = storeTable(blueprint, training, workspace);
  const heldOutTable = heldOut && storeTable(blueprint, heldOut, workspace);
  const batch = Math.max(1, Math.min(batch_size, training.count));
  const bench = setUp(stack, workspace, paddedRows(batch), true);
  const evaluation =
    heldOut && setUp(stack, workspace, paddedRows(Math.min(FORWARD_ROWS, heldOut.count)), false);
  const members = stack.members.map((plan) => new Member(plan, bench, initial));
  const shuffling = new Random(seedFrom(seed, 'shuffle'));
  const dropping = new Random(seedFrom(seed, 'dropout'));
  const order = Int32Array.from({ length: training.count }, (_, i) => i);
  const orderAt = workspace.allocate(Math.max(order.length, FORWARD_ROWS));
  if (training.count === 0) return members.map(net);

  let [epoch, steps] = [0, 0];
  if (hooks.resume) {
    const { resume } = hooks;
    [epoch, steps] = [resume.epoch, resume.steps];
    order.set(resume.order);
    shuffling.restore(resume.shuffling);
    dropping.restore(resume.dropping);
    resume.members.forEach((state, m) => {
      members[m].restore(state);
    });
  }
  const { integers } = workspace.kernels;
  let sincePause = 0;
  for (;;) {
    const active = members.filter((member) => !member.ended && epoch < member.plan.parameters.epochs);
    if (active.length === 0) break;
    epoch++;
    shuffling.shuffle(order);
    for (const member of active) member.losses.fill(0);
    for (let start = 0; start < order.length; start += batch) {
      const rows = Math.min(batch, order.length - start);
      integers.set(order.subarray(start, start + rows), orderAt / 4);
      bench.executor.gather(table.inputs, table.stride, orderAt, rows);
      bench.losses.gather(table, orderAt, rows);
      if (dropout > 0) drawMasks(bench.executor, rows, dropout, dropping);
      steps++;
      for (const member of active) member.step(rows, training.count / rows, epoch, steps);
      sincePause += active.length;
      if (sincePause >= STEPS_BETWEEN_PAUSES) {
        sincePause = 0;
        await pause(hooks.signal);
      }
    }
    for (const member of active) {
      const validation =
        evaluation && heldOut && heldOutTable && evaluate(evaluation, member, heldOutTable, heldOut, orderAt);
      const measured = measure(member, heads, validation);
      endEpoch(member, epoch, measured.objective, validation, heads);
      if (Number.isFinite(measured.objective)) {
        hooks.report({
          member: members.indexOf(member),
          epoch,
          learningRate: learningRateAt(member.plan.parameters, epoch),
          ...measured,
        });
      }
    }
    hooks.offer?.(() => ({
      epoch,
      steps,
      order: order.slice(),
      shuffling: shuffling.save(),
      dropping: dropping.save(),
      members: members.map((member) => member.save()),
    }));
    await pause(hooks.signal);
  }
  return members.map(net);
}

function setUp(
  { blueprint, seed, members }: Stack,
  workspace: Workspace,
  capacity: number,
  training: boolean,
): Bench {
  const executor = new Executor(blueprint, workspace, capacity, training);
  const perTask = members.some(
    ({ parameters }) => parameters.weighting === 'pcgrad' || parameters.weighting === 'gradnorm',
  );
  return {
    blueprint,
    workspace,
    executor,
    losses: new Losses(executor),
    heads: blueprint.shape.heads,
    seed,
    gradient: training ? workspace.zeros(blueprint.size) : 0,
    taskGradient: training && perTask ? workspace.zeros(blueprint.size) : 0,
    embeddingMask: training ? storeEmbeddingMask(blueprint, workspace) : 0,
  };
}

/** Lets the process hear a message (an abort, say) between two steps. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
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

/** Decides what the end of an epoch means for a member. */
function endEpoch(
  member: Member,
  epoch: number,
  objective: number,
  validation: readonly number[] | undefined,
  heads: readonly Head[],
): void {
  const { patience, epochs } = member.plan.parameters;
  if (!Number.isFinite(objective)) {
    member.ended = true;
    return;
  }
  member.endEpoch();
  if (validation === undefined) {
    member.kept = member.read();
    member.keptEpoch = epoch;
    member.converged = epoch === epochs;
    return;
  }
  const loss = weightedSum(heads, validation);
  if (loss < member.lowest * (1 - LEAST_IMPROVEMENT)) member.renewedAt = epoch;
  if (loss < member.lowest) {
    member.lowest = loss;
    member.kept = member.read();
    member.keptEpoch = epoch;
  }
  if (epoch - member.renewedAt < patience) return;
  member.ended = true;
  member.converged = true;
}

function measure(
  member: Member,
  heads: readonly Head[],
  validationLosses: readonly number[] | undefined,
): Pick<EpochReport, 'taskLosses' | 'penalty' | 'objective' | 'validationLosses'> {
  const taskLosses = Array.from(member.losses);
  const { total, weighed } = member.penalty();
  const objective = weightedSum(heads, taskLosses) + total;
  return { objective, taskLosses, penalty: weighed, ...(validationLosses && { validationLosses }) };
}

/** L_t of every task over the examples; NaN for a task without a label among them. */
function evaluate(
  { executor, losses, workspace }: Bench,
  member: Member,
  table: Table,
  examples: Examples,
  rowsAt: number,
): readonly number[] {
  const { heads } = executor.blueprint.shape;
  const sums = new Float64Array(heads.length);
  const { integers } = workspace.kernels;
  for (let start = 0; start < table.count; start += executor.capacity) {
    const rows = Math.min(executor.capacity, table.count - start);
    for (let i = 0; i < rows; i++) integers[rowsAt / 4 + i] = start + i;
    executor.gather(table.inputs, table.stride, rowsAt, rows);
    losses.gather(table, rowsAt, rows);
    const pass = executor.pass(member.parameters, 0, rows, false);
    executor.forward(pass);
    losses.sums(pass.padded, sums);
  }
  return Array.from(sums, (loss, t) => (hasLabels(examples, heads.length, t) ? loss : Number.NaN));
}

function hasLabels({ shares }: Examples, tasks: number, t: number): boolean {
  for (let i = t; i < shares.length; i += tasks) if (shares[i] > 0) return true;
  return false;
}

/** Σ_t w_t L_t over the tasks that have a loss. */
function weightedSum(heads: readonly Head[], losses: readonly number[]): number {
  return losses.reduce((sum, loss, t) => (Number.isNaN(loss) ? sum : sum + heads[t].weight * loss), 0);
}
