import type { Column, Dataset } from '../../dataset/dataset';
import { DataError } from '../../dataset/errors';
import { gatherValues } from '../../dataset/gather-values';
import { notNumbers } from '../../dataset/not-numbers';
import { scratch } from '../../scratch';
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
          'The model was trained with this column',
          'Add it to the table',
          {
            column: feature.name,
          },
        );
      }
      const gather = feature.kind === 'numeric' ? numbersOf(column) : categoryBins(feature, column);
      return (rows, matrix, offset) => {
        const values = gather(rows, scratch(rows.length, 'column'));
        for (let i = 0; i < rows.length; i++) matrix[i * width + offset] = values[i];
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

/** Fills an array with what the rows have of a feature. */
type Gather = (rows: Int32Array, out: Float64Array) => Float64Array;

function numbersOf(column: Column): Gather {
  if (column.kind === 'numeric') return (rows, out) => gatherValues(column, rows, out);
  if (column.codes.every((code) => code < 0)) return (_, out) => out.fill(Number.NaN);
  throw notNumbers(column);
}

function categoryBins(feature: Extract<TreeFeature, { kind: 'categorical' }>, column: Column): Gather {
  const known = new Map(feature.categories.map((category, i) => [category, feature.bins[i]]));
  const binOf = (category: string) => known.get(category) ?? MISSING_BIN;
  if (column.kind === 'numeric') {
    return (rows, out) => {
      gatherValues(column, rows, out);
      for (let i = 0; i < out.length; i++) out[i] = binOf(String(out[i]));
      return out;
    };
  }
  const { codes } = column;
  const bins = Uint8Array.from(column.categories, binOf);
  return (rows, out) => {
    for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]] < 0 ? MISSING_BIN : bins[codes[rows[i]]];
    return out;
  };
}
