import type { Column, Dataset } from '../../dataset/dataset';
import { DataError } from '../../dataset/errors';
import { type FeatureBins, MISSING_BIN } from './binner';

/** What a fitted forest keeps of a feature: how to find it in a table, and a category's bin. */
export type TreeFeature =
  | { readonly kind: 'numeric'; readonly name: string }
  | {
      readonly kind: 'categorical';
      readonly name: string;
      readonly categories: readonly string[];
      readonly bins: readonly number[];
    };

export function treeFeature(bins: FeatureBins): TreeFeature {
  if (bins.kind === 'numeric') return { kind: 'numeric', name: bins.name };
  return { kind: 'categorical', name: bins.name, categories: bins.categories, bins: [...bins.bins] };
}

/** Reads the features of a forest, as its trees want them, from a table that has columns of the same names. */
export class FeatureReader {
  private readonly fill: readonly ((rows: Int32Array, matrix: Float64Array, offset: number) => void)[];

  /** @throws DataError when a column is missing, or holds categories where numbers were in training */
  constructor(features: readonly TreeFeature[], dataset: Dataset) {
    const width = features.length;
    this.fill = features.map((feature) => {
      const column = dataset.columns.find(({ name }) => name === feature.name);
      if (column === undefined) {
        throw new DataError(
          'unknown-column',
          'The forest was trained with this column',
          'Add it to the table',
          {
            column: feature.name,
          },
        );
      }
      if (feature.kind === 'numeric') {
        const values = numbers(column);
        return (rows, matrix, offset) => {
          for (let i = 0; i < rows.length; i++) matrix[i * width + offset] = values[rows[i]];
        };
      }
      const bins = categoryBins(feature, column);
      return (rows, matrix, offset) => {
        for (let i = 0; i < rows.length; i++) matrix[i * width + offset] = bins(rows[i]);
      };
    });
  }

  /** Fills the row-major matrix (rows × features): a number (NaN where missing), or the bin of a category. */
  read(rows: Int32Array, matrix: Float64Array): void {
    this.fill.forEach((fill, f) => {
      fill(rows, matrix, f);
    });
  }
}

function numbers(column: Column): Float64Array {
  if (column.kind === 'numeric') return column.values;
  if (column.codes.every((code) => code < 0)) return new Float64Array(column.codes.length).fill(Number.NaN);
  throw new DataError('column-kind', 'The forest was trained with numbers here', 'Give numbers', {
    column: column.name,
  });
}

function categoryBins(
  feature: Extract<TreeFeature, { kind: 'categorical' }>,
  column: Column,
): (row: number) => number {
  const known = new Map(feature.categories.map((category, i) => [category, feature.bins[i]]));
  const binOf = (category: string) => known.get(category) ?? MISSING_BIN;
  if (column.kind === 'numeric') return (row) => binOf(String(column.values[row]));
  const bins = Uint8Array.from(column.categories, binOf);
  return (row) => (column.codes[row] < 0 ? MISSING_BIN : bins[column.codes[row]]);
}
