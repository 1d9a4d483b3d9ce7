import type { TaskPredictions } from '../learner/learner';
import { Random } from '../random';
import { crossFit } from './cross-fit';
import { checkInput, fitWeights, type MemberTable, type WeightsInput } from './member-table';

export interface GreedyOptions {
  /** Members added after the initial ones; the ensemble is cut at the best step. Default 50. */
  readonly steps?: number;
  /** Bags: selections among random parts of the members, averaged. Default 1: one selection among all. */
  readonly bags?: number;
  /** Share of the members in a bag. Default ½; ignored for a single bag. */
  readonly bagShare?: number;
  /** Draws the bags. */
  readonly seed: number;
}

/** How one greedy selection went, for one task. */
export interface GreedySelection {
  /** Members that it began with, best first. */
  readonly start: readonly number[];
  /** Members added after these, one a step, as far as it went. */
  readonly added: readonly number[];
  /** Mean loss (squared error, or log loss in nats; of joint weights up to a factor) of the start, then after every step. */
  readonly losses: readonly number[];
  /** Steps that were kept: it was cut where the loss was least. */
  readonly kept: number;
}

export interface GreedyWeights {
  /** weights[task][member], each task's on the simplex. */
  readonly weights: number[][];
  /** selections[task][bag] */
  readonly selections: GreedySelection[][];
}

/** Losses this close are equal. */
const TIE = 1e-12;

/**
 * Weights by greedy selection with replacement: members are added one at a time, each time the one that most lowers the
 * task's loss of the plain mean of those chosen so far, and a weight is how often its member was chosen. The start is
 * the best n members, n as good as any; ties go to a member already in, then to the earliest; the result is the best
 * ensemble on the way.
 *
 * Caruana, Niculescu-Mizil, Crew and Ksikes, Ensemble selection from libraries of models, ICML 2004; Caruana, Munson and
 * Niculescu-Mizil, Getting the most out of ensemble selection, ICDM 2006.
 *
 * @throws EnsembleError `no-members`, `shape`
 */
export function fitGreedy(input: WeightsInput, options: GreedyOptions): GreedyWeights {
  checkInput(input);
  const everyRow = new Int32Array(input.labels[0]?.length ?? 0).fill(1);
  const selections = input.tasks.map((): GreedySelection[] => []);
  const weights = fitWeights(input, everyRow, (table, t) =>
    greedyWeights(table, options, (selection) => selections[t].push(selection)),
  );
  return {
    weights: weights.map((of) => Array.from(of)),
    selections: input.joint ? selections.map(() => selections[0]) : selections,
  };
}

/** Predictions by greedy weights that never saw the rows they are applied to, as `crossFitWeightedMean`. */
export function crossFitGreedy(
  input: WeightsInput,
  folds: Int32Array,
  options: GreedyOptions,
): TaskPredictions[] {
  return crossFit(input, folds, (table) => greedyWeights(table, options));
}

function greedyWeights(
  table: MemberTable,
  { steps = 50, bags = 1, bagShare = 0.5, seed }: GreedyOptions,
  tell: (selection: GreedySelection) => void = () => {},
): Float64Array {
  const weights = new Float64Array(table.members);
  const random = new Random(seed);
  for (let bag = 0; bag < bags; bag++) {
    const members = Int32Array.from({ length: table.members }, (_, m) => m);
    if (bags > 1) random.shuffle(members);
    const size = bags > 1 ? Math.max(1, Math.round(bagShare * table.members)) : table.members;
    const { counts, ...selection } = select(table, members.subarray(0, size).sort(), steps);
    tell(selection);
    const chosen = counts.reduce((sum, count) => sum + count, 0);
    counts.forEach((count, m) => {
      weights[m] += count / chosen / bags;
    });
  }
  return weights;
}

/** How often each member of the table is chosen from `candidates` (ascending), and in which order. */
function select(
  table: MemberTable,
  candidates: Int32Array,
  steps: number,
): GreedySelection & { readonly counts: Int32Array } {
  const ensemble = new Ensemble(table);
  const { start, ...first } = initialize(ensemble, candidates);
  const total = table.weights.reduce((sum, weight) => sum + weight, 0);
  const added: number[] = [];
  const losses = [first.loss / total];
  let best = { ...first, kept: 0 };
  for (let step = 0; step < steps; step++) {
    let found = candidates[0];
    let least = ensemble.lossWith(found);
    for (const m of candidates.subarray(1)) {
      const loss = ensemble.lossWith(m);
      const tied = Math.abs(loss - least) <= TIE * Math.abs(least);
      const preferred = tied ? ensemble.counts[m] > 0 && ensemble.counts[found] === 0 : loss < least;
      if (!preferred) continue;
      found = m;
      least = loss;
    }
    ensemble.add(found);
    added.push(table.origin[found]);
    losses.push(least / total);
    if (least < best.loss - TIE * Math.abs(best.loss))
      best = { loss: least, counts: ensemble.counts.slice(), kept: step + 1 };
  }
  return { counts: best.counts, start: start.map((m) => table.origin[m]), added, losses, kept: best.kept };
}

/** Adds the best members in turn, as many as give the least loss. */
function initialize(
  ensemble: Ensemble,
  candidates: Int32Array,
): { readonly loss: number; readonly counts: Int32Array; readonly start: readonly number[] } {
  const losses = new Map(Array.from(candidates, (m) => [m, ensemble.lossWith(m)]));
  const order = Array.from(candidates).sort((a, b) => (losses.get(a) ?? 0) - (losses.get(b) ?? 0) || a - b);
  const trial = new Ensemble(ensemble.table);
  let best = { loss: Number.POSITIVE_INFINITY, counts: trial.counts, size: 0 };
  order.forEach((m, size) => {
    const loss = trial.lossWith(m);
    trial.add(m);
    if (loss < best.loss) best = { loss, counts: trial.counts.slice(), size: size + 1 };
  });
  const start = order.slice(0, best.size);
  for (const m of start) ensemble.add(m);
  return { loss: best.loss, counts: best.counts, start };
}

/** The plain mean of the members added so far, each as often as it was. */
class Ensemble {
  readonly counts: Int32Array;
  /** Sum over the members added of their column (rows). */
  private readonly sums: Float64Array;
  private size = 0;

  constructor(readonly table: MemberTable) {
    this.counts = new Int32Array(table.members);
    this.sums = new Float64Array(table.weights.length);
  }

  add(m: number): void {
    const { values, members } = this.table;
    for (let i = 0; i < this.sums.length; i++) this.sums[i] += values[i * members + m];
    this.counts[m]++;
    this.size++;
  }

  /** Summed loss of the mean after adding `m`. */
  lossWith(m: number): number {
    const { squaredRows, values, members, weights } = this.table;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      const mean = (this.sums[i] + values[i * members + m]) / (this.size + 1);
      sum += weights[i] * (i < squaredRows ? mean * mean : -Math.log(mean));
    }
    return sum;
  }
}
