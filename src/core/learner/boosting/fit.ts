import { DataError } from '../../dataset';
import { Random, seedFrom } from '../../random';
import type { FitContext } from '../learner';
import { weightsOfTask } from '../trees';
import { type Limits, TreeGrower, writeSides } from './grow';
import { type LeafRows, SUMS } from './kernel';
import { Lanes } from './lanes';
import { bestConstant, type Derivatives, differentiate, type TaskTarget } from './losses';
import { Monotone } from './monotone';
import type { Node } from './node';
import type { BoostingParameters } from './parameters';
import { Score } from './score';
import { outputsOf, type TrainingData } from './training-data';
import { Workspace } from './workspace';

/** One tree of a round, and the outputs its leaves have values of. */
export interface GrownTree {
  readonly root: Node;
  readonly outputs: readonly number[];
}

export interface Boosted {
  /** Score of every row before the first tree, an output each. */
  readonly base: Float64Array;
  /** Trees of the rounds that were kept, in the order they were grown. */
  readonly trees: readonly GrownTree[];
  readonly rounds: number;
  /** Whether the rounds were what was asked for: fixed, or ended by early stopping and not by their limit. */
  readonly converged: boolean;
  /** Row-major (features × tasks): decrease of L_t (expanded to second order) by the splits of each feature. */
  readonly importance: Float64Array;
  /** Per feature: decrease of the score, by which splits are chosen for all tasks of a tree. */
  readonly jointImportance: Float64Array;
}

/** The state of a fit between two rounds. */
export class Fit {
  /** Σ ½ ‖leaf values‖² of the trees so far, before the learning rate. */
  penalty = 0;
  private readonly base: Float64Array;
  private readonly targets: readonly TaskTarget[];
  private readonly derivatives: readonly (readonly Derivatives[])[];
  /** Per task, the labelled ones. */
  private readonly training: readonly Int32Array[];
  private readonly heldOut: readonly Int32Array[] | undefined;
  private readonly growers: readonly TreeGrower[];
  private readonly scores: readonly Score[];
  private readonly workspace: Workspace;
  private readonly trees: GrownTree[] = [];
  private filled = -1;
  private readonly seed: number;

  constructor(
    private readonly data: TrainingData,
    lambda: number,
    private readonly parameters: BoostingParameters,
    { seed, threads }: Pick<FitContext, 'seed' | 'threads'>,
  ) {
    this.seed = seed;
    const { tasks, labels } = data;
    const weights = tasks.map((_, t) => weightsOfTask(data, t));
    const outputs = outputsOf(tasks);
    this.base = Float64Array.from(
      tasks.flatMap(({ type, classes }, t) =>
        bestConstant(type, classes.length, labels[t], weights[t], data.training),
      ),
    );
    const ofTask = <T>(arrays: readonly T[], t: number) => arrays.filter((_, o) => outputs[o].task === t);
    const labelled = (positions: Int32Array) =>
      labels.map((values) => {
        const some = positions.filter((i) => !Number.isNaN(values[i]));
        return some.length === positions.length ? positions : some;
      });
    this.training = labelled(data.training);
    this.heldOut = data.heldOut && labelled(data.heldOut);
    const signs = signsOf(data, parameters.monotone);
    const constrained = signs.some((sign) => sign !== 0);
    const kinds =
      parameters.sharing === 'vector-leaf'
        ? [new Lanes(data, this.training, [...tasks.keys()])]
        : outputs.map(({ task, column }) => new Lanes(data, this.training, [task], column));
    this.workspace = new Workspace(data, this.training, kinds, parameters.max_leaves, constrained, threads);
    this.workspace.scores.forEach((scores, o) => {
      scores.fill(this.base[o]);
    });
    this.targets = tasks.map(({ type, weight }, t) => ({
      type,
      taskWeight: weight,
      labels: labels[t],
      ...(weights[t] && { weights: weights[t] }),
      scores: ofTask(this.workspace.scores, t),
      probabilities: ofTask(this.workspace.probabilities, t)[0],
    }));
    this.derivatives = tasks.map((_, t) => ofTask(this.workspace.derivatives, t));
    this.scores = kinds.map(
      (lanes) =>
        new Score(
          lanes,
          lambda,
          parameters.min_samples_leaf,
          parameters.min_child_weight,
          tasks.map((task) => task.weight),
        ),
    );
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
      const monotone = constrained ? new Monotone(lanes, this.scores[kind], signs, bound) : undefined;
      const regression = types.map((type) => type === 'regression');
      return new TreeGrower(
        this.workspace,
        lanes,
        data.features,
        limits,
        this.scores[kind],
        monotone,
        regression,
      );
    });
  }

  /** L_t over the training positions; takes the derivatives there. */
  differentiate(): readonly number[] {
    this.workspace.updateProbabilities();
    const sums = [...this.workspace.crew.derive()];
    return this.targets.map((target, t) => {
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

  /** Lets the threads go that help; the fit is over. */
  close(): Promise<void> {
    return this.workspace.crew.dismiss();
  }

  /** L_t over the held-out positions; absent without any. */
  validationLosses(): readonly number[] | undefined {
    const { heldOut } = this;
    return heldOut && this.targets.map((target, t) => differentiate(target, heldOut[t]));
  }

  addRound(round: number): void {
    const inBag = this.drawRows(round);
    this.growers.forEach((grower, kind) => {
      const { workspace } = this;
      const { lanes } = grower;
      this.fill(kind);
      this.scores[kind].update(workspace.derivatives);
      const rows = inBag === undefined ? lanes.positions : lanes.positions.filter((i) => inBag[i] === 1);
      workspace.rows.set(rows);
      const features = this.drawFeatures(round, kind);
      const { root, leaves } = grower.grow(rows.length, features);
      const tree = { root, outputs: lanes.outputIndex };
      this.trees.push(tree);
      const reached: Reached[] = [];
      for (const { start, end, values } of leaves) {
        if (values === undefined) continue;
        reached.push({ start, end, values });
        for (const value of values) this.penalty += (value / this.parameters.learning_rate) ** 2 / 2;
      }
      this.addLeaves(tree, reached);
      const rest = this.otherRows(lanes, inBag);
      if (rest.length === 0) return;
      workspace.rows.set(rest);
      const others: Reached[] = [];
      this.route(root, 0, rest.length, others);
      this.addLeaves(tree, others);
    });
  }

  finish(rounds: number, converged: boolean): Boosted {
    const { data, growers } = this;
    const tasks = data.tasks.length;
    const importance = new Float64Array(data.features.length * tasks);
    const jointImportance = new Float64Array(data.features.length);
    const total = data.tasks.map((task, t) => task.weight * totalWeight(data, t));
    for (const { lanes, gains, jointGains } of growers) {
      const width = lanes.outputs.length;
      gains.forEach((gain, i) => {
        const { task } = lanes.outputs[i % width];
        if (total[task] > 0) importance[Math.floor(i / width) * tasks + task] += gain / total[task];
      });
      jointGains.forEach((gain, f) => {
        jointImportance[f] += gain;
      });
    }
    const trees = this.trees.slice(0, rounds * growers.length);
    return { base: this.base, trees, rounds, converged, importance, jointImportance };
  }

  /** 1 for each position that the round draws; absent: all. */
  private drawRows(round: number): Uint8Array | undefined {
    const { subsample } = this.parameters;
    if (subsample === 1) return undefined;
    const { training, count } = this.data;
    const random = new Random(seedFrom(this.seed, 'rows', round));
    const inBag = new Uint8Array(count);
    let wanted = Math.max(1, Math.round(subsample * training.length));
    for (let j = 0; j < training.length; j++) {
      if (random.uniform() * (training.length - j) >= wanted) continue;
      inBag[training[j]] = 1;
      wanted--;
    }
    return inBag;
  }

  private drawFeatures(round: number, kind: number): Int32Array {
    const { length } = this.data.features;
    const all = Int32Array.from({ length }, (_, f) => f);
    const wanted = Math.max(1, Math.round(this.parameters.feature_fraction * length));
    if (wanted >= length) return all;
    new Random(seedFrom(this.seed, 'features', round, kind)).shuffle(all);
    return all.subarray(0, wanted).sort();
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

  private addLeaves({ outputs }: GrownTree, leaves: readonly Reached[]): void {
    const { crew, at } = this.workspace;
    crew.addLeaves(at.rows, leaves, this.workspace.leafOutputs(outputs));
  }

  /** Positions that did not grow the tree but need its values: those out of the bag, those held out. */
  private otherRows(lanes: Lanes, inBag: Uint8Array | undefined): Int32Array {
    const { heldOut } = this.data;
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
    writeSides(goesLeft, split, missingLeft, this.data.features[split.feature].present);
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

/** Rows of the workspace, and the values of the leaf that they are in. */
interface Reached extends LeafRows {
  readonly values: Float32Array;
}

/** Per feature 1, −1 or 0. @throws DataError when a constraint is on a column that is no numeric feature */
function signsOf({ features }: TrainingData, monotone: BoostingParameters['monotone']): Int8Array {
  const signs = new Int8Array(features.length);
  for (const [name, sign] of Object.entries(monotone)) {
    const f = features.findIndex(({ bins }) => bins.name === name);
    if (f < 0) {
      throw new DataError(
        'unknown-column',
        'A monotone constraint is on a column that is no feature',
        'Name a feature',
        {
          column: name,
        },
      );
    }
    if (features[f].bins.kind !== 'numeric') {
      throw new DataError('column-kind', 'A monotone constraint needs an order', 'Name a column of numbers', {
        column: name,
      });
    }
    signs[f] = sign;
  }
  return signs;
}

function totalWeight(data: TrainingData, t: number): number {
  const { training, labels } = data;
  const weights = weightsOfTask(data, t);
  let total = 0;
  for (const i of training) total += Number.isNaN(labels[t][i]) ? 0 : (weights?.[i] ?? 1);
  return total;
}
