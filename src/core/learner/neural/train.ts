import { Random, seedFrom } from '../../random';
import type { Head } from './heads';
import { initialise } from './initial';
import type { Member, MemberPlan, MemberState } from './member';
import { learningRateAt } from './optimizer';
import { Spread, type Stack } from './spread';
import type { Examples } from './training-data';
import type { Workspace } from './workspace';

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
/** Steps of members between two looks at the event loop. */
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
  const { heads } = blueprint.shape;
  const starts = new Map<number, Float32Array>();
  const initial = ({ parameters }: MemberPlan) => {
    const own = parameters.seed === 0 ? seed : seedFrom(seed, 'start', parameters.seed);
    const start = starts.get(own) ?? initialise(blueprint, training, own);
    starts.set(own, start);
    return start;
  };
  const spread = new Spread(stack, initial, workspace);
  const { members, batch } = spread;
  for (const member of members) member.keep(0);
  const shuffling = new Random(seedFrom(seed, 'shuffle'));
  const dropping = new Random(seedFrom(seed, 'dropout'));
  const order = Int32Array.from({ length: training.count }, (_, i) => i);
  const net = ({ kept, keptEpoch, converged }: Member): TrainedNet => ({
    weights: kept,
    epoch: keptEpoch,
    converged,
  });
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
  for (;;) {
    const active = members.filter((member) => !member.ended && epoch < member.plan.parameters.epochs);
    if (active.length === 0) break;
    epoch++;
    shuffling.shuffle(order);
    spread.setOrder(order);
    for (const member of active) member.losses.fill(0);
    const rowsBetweenPauses = batch * Math.ceil(STEPS_BETWEEN_PAUSES / active.length);
    for (let start = 0; start < order.length; start += rowsBetweenPauses) {
      const end = Math.min(order.length, start + rowsBetweenPauses);
      spread.train(active, epoch, steps, start, end, dropping);
      steps += Math.ceil((end - start) / batch);
      await pause(hooks.signal);
    }
    if (heldOut) spread.evaluate(active);
    for (const member of active) {
      const validation = heldOut && heldOutLosses(member, heldOut);
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

/** Lets the process hear a message (an abort, say) between two steps. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
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
    member.keep(epoch);
    member.converged = epoch === epochs;
    return;
  }
  const loss = weightedSum(heads, validation);
  if (loss < member.lowest * (1 - LEAST_IMPROVEMENT)) member.renewedAt = epoch;
  if (loss < member.lowest) {
    member.lowest = loss;
    member.keep(epoch);
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

/** L_t of every task over the held-out rows; NaN for a task without a label among them. */
function heldOutLosses({ heldOut }: Member, examples: Examples): readonly number[] {
  return Array.from(heldOut, (loss, t) => (hasLabels(examples, heldOut.length, t) ? loss : Number.NaN));
}

function hasLabels({ shares }: Examples, tasks: number, t: number): boolean {
  for (let i = t; i < shares.length; i += tasks) if (shares[i] > 0) return true;
  return false;
}

/** Σ_t w_t L_t over the tasks that have a loss. */
function weightedSum(heads: readonly Head[], losses: readonly number[]): number {
  return losses.reduce((sum, loss, t) => (Number.isNaN(loss) ? sum : sum + heads[t].weight * loss), 0);
}
