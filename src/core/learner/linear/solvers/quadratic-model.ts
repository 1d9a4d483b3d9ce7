import { createGram } from '../create-gram';
import { featureOf, scratchOf } from '../design';
import type { GramMatrix } from '../gram';
import type { LinearProblem, TaskRows } from '../linear-problem';

/**
 * The part of a local quadratic model of the loss that belongs to some columns of W, restricted to a working set of
 * features (k = position in the set), intercepts eliminated:
 *
 *     q(W) = Σ_c ½ Σ_i h_ic (u_ic − x̃_iᵀ w_c)²,   x̃ centred with weights h_c.
 */
export interface ModelPart {
  /** Fills row[c] with −∂q/∂W at the k-th feature, for the part's columns. */
  readGradient(k: number, row: Float64Array): void;
  /** Tells the part that the k-th feature's weights moved by `delta` (one entry a column of W). */
  move(k: number, delta: Float64Array): void;
}

/** Squared-loss columns with the same rows and the same sample weights: one Gram matrix serves them all. */
export interface ColumnGroup {
  readonly tasks: readonly TaskRows[];
  readonly columns: Int32Array;
  /** w_t of each column: its h is this times the group's weights, which sum to 1. */
  readonly scales: Float64Array;
  readonly gram: GramMatrix;
}

/** A task of another loss, whose h changes from point to point, and the Gram matrix of its sample weights alone. */
export interface CurvedTask {
  readonly task: TaskRows;
  readonly gram: GramMatrix;
}

export interface ColumnGroups {
  readonly groups: readonly ColumnGroup[];
  readonly rest: readonly CurvedTask[];
  /** Different Gram matrices among them. */
  readonly gramCount: number;
}

/** Numbers kept in all Gram matrices of a path, at most (64 MiB); beyond, products go through X. */
const GRAM_CAPACITY = 8_388_608;

/** Whether a Gram matrix, one of `gramCount`, may grow to hold `features` too. */
export function fitsGram(gram: GramMatrix, features: Int32Array, gramCount: number): boolean {
  let size = gram.size;
  for (const j of features) if (gram.slots[j] < 0) size++;
  return size * size * gramCount <= GRAM_CAPACITY;
}

export function groupColumns(problem: LinearProblem): ColumnGroups {
  const alike: TaskRows[][] = [];
  for (const task of problem.tasks) {
    const known = alike.find((group) => sameRows(group[0], task));
    if (known) known.push(task);
    else alike.push([task]);
  }
  const groups: ColumnGroup[] = [];
  const rest: CurvedTask[] = [];
  for (const members of alike) {
    const [first] = members;
    const weight = first.weight.map((w) => w / first.taskWeight);
    const gram = createGram(problem.design, first.rows, weight, 0, problem.intercept);
    const tasks = members.filter((task) => task.loss.quadratic);
    if (tasks.length > 0) {
      groups.push({
        tasks,
        columns: Int32Array.from(tasks, (task) => task.firstColumn),
        scales: Float64Array.from(tasks, (task) => task.taskWeight),
        gram,
      });
    }
    for (const task of members) if (!task.loss.quadratic) rest.push({ task, gram });
  }
  return { groups, rest, gramCount: alike.length };
}

function sameRows(a: TaskRows, b: TaskRows): boolean {
  if (a.count !== b.count || (a.rows === undefined) !== (b.rows === undefined)) return false;
  for (let i = 0; i < a.count; i++) {
    if (a.rows && b.rows && a.rows[i] !== b.rows[i]) return false;
    if (
      Math.abs(a.weight[i] * b.taskWeight - b.weight[i] * a.taskWeight) >
      1e-15 * a.weight[i] * b.taskWeight
    )
      return false;
  }
  return true;
}

/** Gradient kept up to date through the Gram matrix of the working set: a move costs features × columns, whatever the rows. */
export class GramPart implements ModelPart {
  private readonly inner: Float64Array;
  private readonly gradient: Float64Array;
  private readonly step: Float64Array;
  private readonly size: number;

  /** @param V −∇L at the model's centre, features × columns of the problem */
  constructor(
    private readonly group: ColumnGroup,
    working: Int32Array,
    V: Float64Array,
    columns: number,
    curvature: Float64Array,
  ) {
    const { gram, scales } = group;
    const m = working.length;
    const width = group.columns.length;
    this.size = m;
    this.inner = gram.gather(working);
    this.gradient = new Float64Array(m * width);
    this.step = new Float64Array(width);
    for (let k = 0; k < m; k++) {
      for (let q = 0; q < width; q++) {
        const c = group.columns[q];
        this.gradient[k * width + q] = V[working[k] * columns + c];
        curvature[k * columns + c] = scales[q] * this.inner[k * m + k];
      }
    }
  }

  readGradient(k: number, row: Float64Array): void {
    const { columns } = this.group;
    const at = k * columns.length;
    for (let q = 0; q < columns.length; q++) row[columns[q]] = this.gradient[at + q];
  }

  move(k: number, delta: Float64Array): void {
    const { inner, gradient, step, size } = this;
    const { columns, scales } = this.group;
    const width = columns.length;
    for (let q = 0; q < width; q++) step[q] = scales[q] * delta[columns[q]];
    const from = k * size;
    if (width === 1) {
      const s = step[0];
      if (s !== 0) for (let l = 0; l < size; l++) gradient[l] -= inner[from + l] * s;
      return;
    }
    for (let l = 0, at = 0; l < size; l++) {
      const g = inner[from + l];
      for (let q = 0; q < width; q++, at++) gradient[at] -= g * step[q];
    }
  }
}

/** One column whose weighted residual h (u − z) is kept up to date: a move costs its rows, whatever the working set. */
export class ResidualPart implements ModelPart {
  private readonly residual: Float64Array;
  private readonly means: Float64Array;
  private readonly scratch: Float64Array;

  /**
   * @param theta −∂L/∂Z at the model's centre
   * @param H h, laid out like theta
   * @param column which of the task's columns
   */
  constructor(
    private readonly problem: LinearProblem,
    private readonly task: TaskRows,
    private readonly column: number,
    private readonly working: Int32Array,
    theta: Float64Array,
    private readonly H: Float64Array,
    curvature: Float64Array,
  ) {
    const { count } = task;
    const at = task.offset + column * count;
    const c = task.firstColumn + column;
    this.residual = theta.slice(at, at + count);
    this.means = new Float64Array(working.length);
    this.scratch = scratchOf(problem.design);
    let total = 0;
    for (let i = 0; i < count; i++) total += H[at + i];
    for (let k = 0; k < working.length; k++) {
      const x = featureOf(problem.design, working[k], this.scratch);
      let sum = 0;
      let square = 0;
      for (let i = 0; i < count; i++) {
        const value = x[task.rows ? task.rows[i] : i];
        const weighted = H[at + i] * value;
        sum += weighted;
        square += weighted * value;
      }
      const mean = problem.intercept && total > 0 ? sum / total : 0;
      this.means[k] = mean;
      curvature[k * problem.columns + c] = Math.max(0, square - mean * sum);
    }
  }

  readGradient(k: number, row: Float64Array): void {
    const { rows, firstColumn } = this.task;
    const { residual } = this;
    const x = featureOf(this.problem.design, this.working[k], this.scratch);
    let sum = 0;
    if (rows) for (let i = 0; i < residual.length; i++) sum += x[rows[i]] * residual[i];
    else for (let i = 0; i < residual.length; i++) sum += x[i] * residual[i];
    row[firstColumn + this.column] = sum;
  }

  move(k: number, delta: Float64Array): void {
    const { rows, firstColumn, count, offset } = this.task;
    const { residual, H } = this;
    const step = delta[firstColumn + this.column];
    if (step === 0) return;
    const x = featureOf(this.problem.design, this.working[k], this.scratch);
    const at = offset + this.column * count;
    const mean = this.means[k];
    if (rows) {
      for (let i = 0; i < count; i++) residual[i] -= H[at + i] * step * (x[rows[i]] - mean);
    } else {
      for (let i = 0; i < count; i++) residual[i] -= H[at + i] * step * (x[i] - mean);
    }
  }
}
