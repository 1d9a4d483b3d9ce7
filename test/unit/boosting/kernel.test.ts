import { describe, expect, it } from 'vitest';
import { FOUND, GROUP, Kernel, MemoryLayout, SEARCH, SUMS } from '../../../src/core/learner/boosting/kernel';
import { differentiate } from '../../../src/core/learner/boosting/losses';
import { Random } from '../../../src/core/random';

const ROWS = 500;
const CELLS = 40;

/** The kernel beside loops that say plainly what it should do. */
describe.each([1, 2, 3, 5])('the kernel with %i quads of lanes', (quads) => {
  const stride = 4 * quads;
  const layout = new MemoryLayout();
  const at = {
    codes: layout.place(GROUP * ROWS),
    rows: layout.place(4 * ROWS),
    lanes: layout.place(4 * ROWS * stride),
    ordered: layout.place(4 * ROWS * stride),
    histogram: layout.place(4 * CELLS * stride),
    group: layout.place(4 * CELLS * stride * GROUP),
    other: layout.place(4 * CELLS * stride),
    starts: layout.place(4 * ROWS + 4),
    entries: layout.place(4 * ROWS * stride * 2),
    goesLeft: layout.place(256),
    scratch: layout.place(4 * ROWS + 4),
    sides: layout.place(8 * stride),
    block: layout.place(SEARCH.header + SEARCH.output * stride),
    found: layout.place(FOUND.bytes),
    floats: layout.place(4 * ROWS),
    target: layout.place(4 * ROWS),
  };
  const kernel = new Kernel(layout);
  const random = new Random(quads);
  const grouped = kernel.bytes(at.codes, GROUP * ROWS);
  const rows = kernel.integers(at.rows, ROWS);
  const lanes = kernel.integers(at.lanes, ROWS * stride);
  const histogram = kernel.integers(at.histogram, CELLS * stride);
  const other = kernel.integers(at.other, CELLS * stride);
  grouped.forEach((_, i) => {
    grouped[i] = random.integer(CELLS);
  });
  const codes = grouped.filter((_, i) => i % GROUP === 0);
  rows.forEach((_, i) => {
    rows[i] = i;
  });
  random.shuffle(rows);
  lanes.forEach((_, i) => {
    lanes[i] = i % stride === 0 ? 1 : Math.round(1000 * random.normal());
  });
  const count = 300;
  const histograms = Array.from({ length: GROUP }, () => new Int32Array(CELLS * stride));
  const [plain] = histograms;
  for (const row of rows.subarray(0, count)) {
    histograms.forEach((sums, f) => {
      for (let l = 0; l < stride; l++) sums[grouped[GROUP * row + f] * stride + l] += lanes[row * stride + l];
    });
  }

  it('sums rows into cells', () => {
    kernel.run.gatherRows(at.lanes, at.rows, count, quads, at.ordered);
    kernel.run.addRows(at.histogram, at.codes, at.rows, at.ordered, count, quads);
    expect([...histogram]).toEqual([...plain]);
  });

  it('sums rows into cells of two features, or of all of a group, at once', () => {
    const bytes = 4 * CELLS * stride;
    const of = (f: number) => at.group + f * bytes;
    const sums = kernel.integers(at.group, GROUP * CELLS * stride);
    const { codes: first, rows: some, ordered } = at;
    kernel.run.gatherRows(at.lanes, some, count, quads, ordered);
    kernel.run.addGroup(of(0), of(1), of(2), of(3), first, some, ordered, count, quads);
    expect([...sums]).toEqual(histograms.flatMap((one) => [...one]));
    sums.fill(0);
    kernel.run.addTwoFeatures(of(0), first, of(2), first + 2, some, ordered, count, quads);
    kernel.run.addTwoFeatures(of(1), first + 1, of(3), first + 3, some, ordered, count, quads);
    expect([...sums]).toEqual(histograms.flatMap((one) => [...one]));
  });

  it('sums entries into cells', () => {
    const starts = kernel.integers(at.starts, ROWS + 1);
    const entries = kernel.integers(at.entries, ROWS * stride * 2);
    let next = 0;
    for (let row = 0; row < ROWS; row++) {
      starts[row] = next;
      for (let l = 1; l < stride; l++) {
        entries[2 * next] = 4 * l;
        entries[2 * next + 1] = lanes[row * stride + l];
        next++;
      }
    }
    starts[ROWS] = next;
    kernel.run.addEntries(at.other, at.codes, at.rows, at.starts, at.entries, count, quads);
    expect([...other]).toEqual([...plain]);
  });

  it('finds the best cut', () => {
    histogram.set(plain);
    const outputs = stride - 2;
    const integers = kernel.integers(at.block, (SEARCH.header + SEARCH.output * outputs) / 4);
    const floats = kernel.floats(at.block, (SEARCH.header + SEARCH.output * outputs) / 8);
    // The hessian of all outputs is the count of rows.
    integers.set([outputs, quads, 20]);
    floats[SEARCH.leastHessian] = 60 * outputs;
    for (let o = 0; o < outputs; o++) {
      const from = SEARCH.header + SEARCH.output * o;
      integers.set([4 * (o + 1), 0], from / 4);
      floats.set([1 + o, 0.5 * o, 1], from / 8 + 1);
    }
    const totals = new Float64Array(stride);
    plain.forEach((value, i) => {
      totals[i % stride] += value;
    });
    let best = 0;
    let bestCut = -1;
    const left = new Float64Array(stride);
    for (let c = 0; c < CELLS; c++) {
      for (let l = 0; l < stride; l++) left[l] += plain[c * stride + l];
      if (left[0] < 60 || totals[0] - left[0] < 60) continue;
      let score = 0;
      for (let o = 0; o < outputs; o++) {
        score += ((1 + o) * left[o + 1] ** 2) / (left[0] + 0.5 * o);
        score += ((1 + o) * (totals[o + 1] - left[o + 1]) ** 2) / (totals[0] - left[0] + 0.5 * o);
      }
      if (score > best) {
        best = score;
        bestCut = c;
      }
    }
    kernel.integers(at.sides, 2 * stride).set([...new Float64Array(stride), ...totals]);
    const score = kernel.run.bestCut(at.histogram, CELLS, at.sides, at.block, 0, at.found);
    const found = kernel.integers(at.found, 4);
    expect(found[2]).toBe(bestCut);
    expect(score / best).toBeCloseTo(1, 9);
    kernel.integers(at.sides, 2 * stride).set([...new Float64Array(stride), ...totals]);
    expect(kernel.run.bestCut(at.histogram, CELLS, at.sides, at.block, 1.01 * best, at.found)).toBe(
      1.01 * best,
    );
    expect(found[2]).toBe(bestCut);
  });

  it('subtracts histograms', () => {
    histogram.set(plain);
    other.forEach((_, i) => {
      other[i] = i;
    });
    kernel.run.subtract(at.histogram, at.other, CELLS * quads);
    expect([...histogram]).toEqual([...plain].map((value, i) => value - i));
  });

  it('divides rows, both sides in their old order', () => {
    const goesLeft = kernel.bytes(at.goesLeft, 256);
    for (let c = 0; c < 256; c++) goesLeft[c] = c % 3 === 0 ? 1 : 0;
    const before = [...rows.subarray(0, count)];
    const lefts = kernel.run.partition(at.rows, count, at.codes, at.goesLeft, at.scratch);
    const isLeft = (row: number) => codes[row] % 3 === 0;
    const expected = [...before.filter(isLeft), ...before.filter((row) => !isLeft(row))];
    expect([...rows.subarray(0, count)]).toEqual(expected);
    expect(lefts).toBe(before.filter(isLeft).length);
  });

  it('rounds to whole numbers of a unit, and knows the logistic function', () => {
    const floats = kernel.floats32(at.floats, ROWS);
    floats.forEach((_, i) => {
      floats[i] = i === 0 ? -200 : i === 1 ? 200 : 8 * random.normal();
    });
    kernel.run.quantise(at.floats, at.rows, count, 1000, at.lanes + 4, 4 * stride);
    for (const row of rows.subarray(0, count)) {
      expect(Math.abs(lanes[row * stride + 1] - 1000 * floats[row])).toBeLessThanOrEqual(0.5);
    }
    kernel.run.sigmoid(at.floats, at.target, ROWS / 4);
    kernel.floats32(at.target, ROWS).forEach((p, i) => {
      const exact = 1 / (1 + Math.exp(-Math.max(-87, floats[i])));
      expect(Math.abs(p - exact)).toBeLessThan(2e-7 * exact);
    });
  });
});

describe('the kernel beside its plain twin', () => {
  const layout = new MemoryLayout();
  const place = (bytes = 4 * ROWS) => layout.place(bytes);
  const at = {
    positions: place(),
    labels: place(),
    weights: place(),
    scores: place(),
    probabilities: place(),
    gradient: place(),
    hessian: place(),
    sums: place(SUMS.bytes),
  };
  const kernel = new Kernel(layout);
  const random = new Random(3);
  const count = 400;
  const positions = Int32Array.from({ length: ROWS }, (_, i) => i).subarray(50, 50 + count);
  const scores = Float32Array.from({ length: ROWS }, (_, i) => (i === 60 ? 200 : 3 * random.normal()));
  const weights = Float64Array.from({ length: ROWS }, () => random.integer(3) + 0.5);
  kernel.integers(at.positions, count).set(positions);
  kernel.floats32(at.scores, ROWS).set(scores);
  kernel.floats32(at.weights, ROWS).set(weights);
  kernel.run.sigmoid(at.scores, at.probabilities, ROWS / 4);
  const probabilities = Float32Array.from(kernel.floats32(at.probabilities, ROWS));

  it.each([
    ['regression', 'squared', false],
    ['regression', 'squared', true],
    ['binary', 'logistic', false],
    ['binary', 'logistic', true],
  ] as const)('takes the derivatives of a %s (%s), weighted: %s', (type, name, weighted) => {
    const labels = Float64Array.from(scores, (_, i) => (type === 'binary' ? i % 2 : i / 64));
    const plain = {
      gradient: new Float32Array(ROWS),
      hessian: new Float32Array(ROWS),
      magnitude: 0,
      squares: 0,
      curvature: 0,
      weight: 0,
    };
    const target = { type, taskWeight: 1.5, labels, scores: [scores], probabilities };
    const loss = differentiate({ ...target, ...(weighted && { weights }) }, positions, [plain]);

    kernel.floats32(at.labels, ROWS).set(labels);
    const from = name === 'squared' ? at.scores : at.probabilities;
    const own = weighted ? at.weights : 0;
    kernel.floats32(at.gradient, ROWS).fill(0);
    kernel.floats32(at.hessian, ROWS).fill(0);
    const { gradient, hessian, sums } = at;
    kernel.run[name](at.positions, count, at.labels, own, from, 1.5, gradient, hessian, sums);
    expect(kernel.floats32(at.gradient, ROWS)).toEqual(plain.gradient);
    expect(kernel.floats32(at.hessian, ROWS)).toEqual(plain.hessian);
    const found = kernel.floats(at.sums, SUMS.bytes / 8);
    expect(found[SUMS.loss] / found[SUMS.weight] / loss).toBeCloseTo(1, 12);
    for (const [sum, expected] of [
      [SUMS.magnitude, plain.magnitude],
      [SUMS.squares, plain.squares],
      [SUMS.curvature, plain.curvature],
      [SUMS.weight, plain.weight],
    ]) {
      expect((1.5 * found[sum]) / expected).toBeCloseTo(1, 12);
    }
  });
});
