import { weightsOfTask } from '../trees/training-set';
import type { Progress, Turn } from './chains';
import { Draws } from './draws';
import { type Limits, TreeGrower, writeSides } from './grow';
import { type LeafRows, SUMS } from './kernel';
import { Lanes } from './lanes';
import { type Derivatives, differentiate, type TaskTarget } from './losses';
import { Monotone } from './monotone';
import type { Node } from './node';
import { outputsOf } from './outputs';
import type { BoostingParameters } from './parameters';
import { Score } from './score';
import type { TrainingData } from './training-data';
import { TreeLog } from './tree-log';
import { type Seat, Workspace } from './workspace';

/** What is to be fitted: all that a thread needs to know that takes part. */
export interface Plan {
  readonly data: TrainingData;
  readonly lambda: number;
  readonly parameters: BoostingParameters;
  readonly seed: number;
  /** Per feature, of its monotone constraint: 1, −1 or 0. */
  readonly signs: Int8Array;
}

/** Tasks of which a round is differentiated and grown for at once, and the kinds of trees it grows. */
interface Chain {
  readonly tasks: readonly number[];
  readonly kinds: readonly number[];
}

/**
 * A fit as one of its threads does it: with arrays of its own to grow trees in, and the scores, which it shares with the others. Of
 * what was done to a chain, all is in the shared memory; the trees are with those who grew them, in their `log`.
 */
export class Fit {
  readonly log = new TreeLog();
  readonly workspace: Workspace;
  private readonly chains: readonly Chain[];
  private readonly targets: readonly TaskTarget[];
  private readonly derivatives: readonly (readonly Derivatives[])[];
  /** Per task, the labelled ones. */
  private readonly training: readonly Int32Array[];
  private readonly heldOut: readonly Int32Array[] | undefined;
  private readonly growers: readonly TreeGrower[];
  private readonly scores: readonly Score[];
  private readonly draws: Draws;
  private filled = -1;

  constructor(
    private readonly plan: Plan,
    seat: Seat,
  ) {
    const { data, lambda, parameters, seed, signs } = plan;
    const { tasks, labels } = data;
    const weights = tasks.map((_, t) => weightsOfTask(data, t));
    const outputs = outputsOf(tasks);
    const ofTask = <T>(arrays: readonly T[], t: number) => arrays.filter((_, o) => outputs[o].task === t);
    const labelled = (positions: Int32Array) =>
      labels.map((values) => {
        const some = positions.filter((i) => !Number.isNaN(values[i]));
        return some.length === positions.length ? positions : some;
      });
    this.training = labelled(data.training);
    this.heldOut = data.heldOut && labelled(data.heldOut);
    const constrained = signs.some((sign) => sign !== 0);
    const kinds =
      parameters.sharing === 'vector-leaf'
        ? [new Lanes(data, this.training, [...tasks.keys()])]
        : outputs.map(({ task, column }) => new Lanes(data, this.training, [task], column));
    this.chains = chainsOf(plan).map((of) => ({
      tasks: of,
      kinds: [...kinds.keys()].filter((kind) => of.includes(kinds[kind].outputs[0].task)),
    }));
    this.workspace = new Workspace(data, this.training, kinds, parameters.max_leaves, constrained, seat);
    this.targets = tasks.map(({ type, weight }, t) => ({
      type,
      taskWeight: weight,
      labels: labels[t],
      ...(weights[t] && { weights: weights[t] }),
      scores: ofTask(this.workspace.scores, t),
      probabilities: ofTask(this.workspace.probabilities, t)[0],
    }));
    this.derivatives = tasks.map((_, t) => ofTask(this.workspace.derivatives, t));
    this.scores = kinds.map((lanes) => {
      const [first] = lanes.outputIndex;
      const reach = this.workspace.reach.subarray(first, first + lanes.outputs.length);
      const { min_samples_leaf, min_child_weight } = parameters;
      const taskWeights = tasks.map((task) => task.weight);
      return new Score(lanes, lambda, min_samples_leaf, min_child_weight, taskWeights, reach);
    });
    const limits: Limits = {
      maxLeaves: parameters.max_leaves,
      maxDepth: parameters.max_depth ?? Infinity,
      leastRows: parameters.min_samples_leaf,
      leastGain: parameters.min_split_gain,
      lambda,
      learningRate: parameters.learning_rate,
    };
    this.growers = kinds.map((lanes, kind) => {
      const types = lanes.outputs.map(({ task }) => tasks[task].type);
      const bound = Uint8Array.from(types, (type) => (type === 'multiclass' ? 0 : 1));
      const score = this.scores[kind];
      const monotone = constrained ? new Monotone(lanes, score, signs, bound) : undefined;
      const regression = types.map((type) => type === 'regression');
      return new TreeGrower(this.workspace, lanes, data.features, limits, score, monotone, regression);
    });
    const { subsample, feature_fraction } = parameters;
    this.draws = new Draws(
      seed,
      data.training,
      data.count,
      data.features.length,
      subsample,
      feature_fraction,
    );
  }

  /** Where all begins: the score of every row is `base`, an output each. */
  begin(base: Float64Array): void {
    this.workspace.scores.forEach((scores, o) => {
      scores.fill(base[o]);
    });
    for (const { tasks } of this.chains) this.differentiate(tasks);
  }

  /** A round of a chain: its trees, and what they have come to. */
  advance({ chain, round }: Turn, progress: Progress): void {
    const { tasks, kinds } = this.chains[chain];
    let penalty = round > 1 ? progress.penalties(round - 1)[chain] : 0;
    const inBag = this.draws.rows(round);
    for (const kind of kinds) penalty = this.addTree(round, kind, inBag, penalty);
    progress.penalties(round)[chain] = penalty;
    const losses = this.differentiate(tasks);
    tasks.forEach((t, i) => {
      progress.taskLosses(round)[t] = losses[i];
      if (this.heldOut) progress.validationLosses(round)[t] = differentiate(this.targets[t], this.heldOut[t]);
    });
  }

  /** Lets the threads go that share the work of a tree. */
  close(): Promise<void> {
    return this.workspace.crew.dismiss();
  }

  /** L_t of the tasks of a chain over the training positions; takes the derivatives there. */
  private differentiate(tasks: readonly number[]): readonly number[] {
    const sums = [...this.workspace.derive(tasks)];
    return tasks.map((t) => {
      const target = this.targets[t];
      if (target.type === 'multiclass') return differentiate(target, this.training[t], this.derivatives[t]);
      const of = sums.shift() ?? new Float64Array(SUMS.bytes / 8);
      const [derivatives] = this.derivatives[t];
      derivatives.magnitude = target.taskWeight * of[SUMS.magnitude];
      derivatives.squares = target.taskWeight * of[SUMS.squares];
      derivatives.curvature = target.taskWeight * of[SUMS.curvature];
      derivatives.weight = target.taskWeight * of[SUMS.weight];
      return of[SUMS.loss] / of[SUMS.weight];
    });
  }

  /** @returns the penalty with that of the tree */
  private addTree(round: number, kind: number, inBag: Uint8Array | undefined, penalty: number): number {
    const { workspace } = this;
    const grower = this.growers[kind];
    const { lanes } = grower;
    const { learning_rate } = this.plan.parameters;
    this.fill(kind);
    this.scores[kind].update(workspace.derivatives);
    const rows = inBag === undefined ? lanes.positions : lanes.positions.filter((i) => inBag[i] === 1);
    workspace.rows.set(rows);
    const { root, leaves } = grower.grow(rows.length, this.draws.featuresOf(round, kind));
    this.log.add(round, kind, root);
    const reached: Reached[] = [];
    let sum = penalty;
    for (const { start, end, values } of leaves) {
      if (values === undefined) continue;
      reached.push({ start, end, values });
      for (const value of values) sum += (value / learning_rate) ** 2 / 2;
    }
    this.addLeaves(lanes, reached);
    const rest = this.otherRows(lanes, inBag);
    if (rest.length === 0) return sum;
    workspace.rows.set(rest);
    const others: Reached[] = [];
    this.route(root, 0, rest.length, others);
    this.addLeaves(lanes, others);
    return sum;
  }

  private fill(kind: number): void {
    const { workspace, growers, filled } = this;
    const { lanes } = growers[kind];
    // Lanes of as many groups count their rows alike, and write over what is another's.
    const before = filled < 0 ? undefined : growers[filled].lanes;
    const isLike = before?.quads === lanes.quads && !before.sparse && !lanes.sparse;
    if (filled !== kind && !isLike) lanes.clear(workspace);
    lanes.fill(workspace.derivatives, workspace, filled !== kind);
    this.filled = kind;
  }

  private addLeaves({ outputIndex }: Lanes, leaves: readonly Reached[]): void {
    const { crew, at } = this.workspace;
    crew.addLeaves(at.rows, leaves, this.workspace.leafOutputs(outputIndex));
  }

  /** Positions that did not grow the tree but need its values: those out of the bag, those held out. */
  private otherRows(lanes: Lanes, inBag: Uint8Array | undefined): Int32Array {
    const { heldOut } = this.plan.data;
    const outOfBag = inBag === undefined ? new Int32Array(0) : lanes.positions.filter((i) => inBag[i] === 0);
    if (heldOut === undefined) return outOfBag;
    const rest = new Int32Array(outOfBag.length + heldOut.length);
    rest.set(outOfBag);
    rest.set(heldOut, outOfBag.length);
    return rest;
  }

  /** Sends the workspace's rows from `start` to `end` − 1 down the tree. */
  private route(
    { split, left, right, values, missingLeft }: Node,
    start: number,
    end: number,
    to: Reached[],
  ): void {
    if (start === end) return;
    if (split === undefined || left === undefined || right === undefined) {
      if (values) to.push({ start, end, values });
      return;
    }
    const { run, at, goesLeft } = this.workspace;
    writeSides(goesLeft, split, missingLeft, this.plan.data.features[split.feature].present);
    const lefts = run.partition(
      at.rows + 4 * start,
      end - start,
      at.codes[split.feature],
      at.goesLeft,
      at.scratch,
    );
    this.route(left, start, start + lefts, to);
    this.route(right, start + lefts, end, to);
  }
}

/** Tasks of each chain: all where they share trees, else each is one, with the trees of all its classes. */
export function chainsOf({
  data,
  parameters,
}: Pick<Plan, 'data' | 'parameters'>): readonly (readonly number[])[] {
  const all = [...data.tasks.keys()];
  return parameters.sharing === 'vector-leaf' ? [all] : all.map((t) => [t]);
}

/** Rows of the workspace, and the values of the leaf that they are in. */
interface Reached extends LeafRows {
  readonly values: Float32Array;
}
