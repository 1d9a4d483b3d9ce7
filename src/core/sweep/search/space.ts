import type { Dimension } from '../../experiment/experiment';
import type { JsonObject, JsonValue } from '../../learner/learner';

/** What a sweep may try: hyperparameters with their values. λ, where it is swept, is the one named `lambda`. */
export interface Space {
  readonly dimensions: readonly { readonly name: string; readonly values: Dimension }[];
}

/** One point of a space: the value of each hyperparameter. */
export type Point = JsonObject;

/** Every combination of the dimensions' values, the last dimension fastest. A space without dimensions has one point. */
export function gridOf({ dimensions }: Space): Point[] {
  let points: Point[] = [{}];
  for (const { name, values } of dimensions) {
    const axis = axisOf(values);
    points = points.flatMap((point) => axis.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}

/** Number of points of the grid, without making it. */
export function gridSize({ dimensions }: Space): number {
  return dimensions.reduce((size, { values }) => size * axisOf(values).length, 1);
}

/** Values of one dimension on a grid, in the order written, ends included, each once. */
export function axisOf(values: Dimension): readonly JsonValue[] {
  if (values.kind === 'list') return values.values;
  const { points } = values;
  const all = Array.from({ length: points }, (_, i) =>
    i === points - 1 ? values.to : valueAlong(values, i / (points - 1)),
  );
  return [...new Set(all)];
}

/**
 * The point at given coordinates of the unit cube: equal lengths for the values of a list and for whole numbers, else
 * along the range on its scale.
 * @param unit one coordinate a dimension, in [0, 1)
 */
export function pointAt({ dimensions }: Space, unit: ArrayLike<number>): Point {
  return Object.fromEntries(
    dimensions.map(({ name, values }, d) => {
      if (values.kind === 'list') return [name, values.values[cell(unit[d], values.values.length)]];
      if (!values.integer || values.scale === 'log') return [name, valueAlong(values, unit[d])];
      const low = Math.min(values.from, values.to);
      return [name, low + cell(unit[d], Math.abs(values.to - values.from) + 1)];
    }),
  );
}

/**
 * Coordinates in which points that are the same lie together, for a model of the scores: a list has one a value (1 for
 * its own, 0 for the others, so that no order is made up), whole numbers those of their middle.
 */
export function embed({ dimensions }: Space, unit: ArrayLike<number>): number[] {
  return dimensions.flatMap(({ values }, d) => {
    if (values.kind === 'list') {
      const own = cell(unit[d], values.values.length);
      return values.values.map((_, i) => (i === own ? Math.SQRT1_2 : 0));
    }
    if (!values.integer) return [unit[d]];
    const low = Math.min(values.from, values.to);
    const high = Math.max(values.from, values.to);
    if (values.scale === 'linear') {
      const count = high - low + 1;
      return [(cell(unit[d], count) + 0.5) / count];
    }
    return [high === low ? 0 : Math.log(valueAlong(values, unit[d]) / low) / Math.log(high / low)];
  });
}

function valueAlong(
  { from, to, scale, integer }: Extract<Dimension, { kind: 'range' }>,
  unit: number,
): number {
  const value = scale === 'log' ? from * (to / from) ** unit : from + (to - from) * unit;
  return integer ? Math.round(value) : value;
}

function cell(unit: number, count: number): number {
  return Math.min(count - 1, Math.floor(unit * count));
}
