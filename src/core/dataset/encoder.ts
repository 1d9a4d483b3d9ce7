import * as z from 'zod';
import type { JsonObject, JsonValue } from '../learner/learner';
import type { Column, Dataset } from './dataset';
import { addBlock, countNonZero, encodeBlock, makerOf } from './encode-block';
import { type Block, blockNames, encoderBlock, fitBlock } from './encoder-blocks';
import { DataError } from './errors';
import type { Problem } from './problem';
import { SparseBuilder, type SparseColumns } from './sparse-columns';

/** Turns the features of a table into numbers, with statistics of the training rows only. */
export interface Encoder {
  readonly width: number;
  /** `age`, `age (missing)`, `island=Biscoe`, `island (missing)`. */
  readonly names: readonly string[];
  /** Source feature index (into `problem.features`) of each encoded column. */
  readonly sources: Int32Array;
  /**
   * Row-major rows × width. Columns are found by name, categories by their text, so the dataset may be another one
   * than in training.
   * @throws DataError `unknown-column`, `column-kind`
   */
  encode(dataset: Dataset, rows: Int32Array): Float64Array;
  /** The same numbers by column: fills `out` with encoded column j, an entry a row, from the row at `from` on. */
  columnsOf(dataset: Dataset, rows: Int32Array): (j: number, from: number, out: Float64Array) => void;
  /** The same numbers by column, those that are not 0 alone. */
  encodeSparse(dataset: Dataset, rows: Int32Array): SparseColumns;
  /** The part of the encoded numbers that are not 0. */
  density(dataset: Dataset, rows: Int32Array): number;
  toJSON(): JsonObject;
}

const encoderJson = z.object({
  version: z.literal(1),
  blocks: z.array(encoderBlock),
});

/**
 * Fitted on `problem.rows` only, each counting as often as its sample weight says: a row of weight 2 is two rows, one of weight 0
 * none.
 * - numeric: missing values get the training mean and, when training had any, a 0/1 column `(missing)`; then
 *   z-scored (population sd), unless `scale` is false. Constant columns are dropped.
 * - boolean: 0/1, then as numeric.
 * - categorical: one 0/1 column for each category seen in training (the 1,000 most frequent), not scaled, and
 *   `(missing)` when training had any. An unseen category is all zeros. A column with one value is dropped.
 *
 * With `keepZeros`, numeric columns that are mostly 0 are scaled, not centred, so that their zeros need no place: an intercept
 * makes up for the shift.
 */
export function fitEncoder(
  problem: Problem,
  options: { readonly scale?: boolean; readonly keepZeros?: boolean } = {},
): Encoder {
  const { scale = true, keepZeros = false } = options;
  const rows = countedRows(problem);
  const weights = problem.sampleWeight;
  const blocks = problem.features.map((index, source) =>
    fitBlock(problem.dataset.columns[index], source, rows, { scale, keepZeros, ...(weights && { weights }) }),
  );
  return new FittedEncoder(blocks.filter((block) => blockNames(block).length > 0));
}

/** The training rows without those that a weight of 0 leaves out. */
function countedRows({ rows, sampleWeight }: Problem): Int32Array {
  return sampleWeight?.includes(0) ? rows.filter((row) => sampleWeight[row] > 0) : rows;
}

/** @throws DataError `encoder-format` */
export function encoderFromJSON(json: JsonValue): Encoder {
  const parsed = encoderJson.safeParse(json);
  if (!parsed.success) {
    throw new DataError(
      'encoder-format',
      `the stored encoder is not one this version reads (${z.prettifyError(parsed.error)})`,
      'Train the model again',
    );
  }
  return new FittedEncoder(parsed.data.blocks);
}

class FittedEncoder implements Encoder {
  readonly names: readonly string[];
  readonly sources: Int32Array;
  readonly width: number;
  /** By rows: the models of a path are asked about the same ones. */
  private readonly densities = new WeakMap<
    Int32Array,
    { readonly dataset: Dataset; readonly density: number }
  >();

  constructor(private readonly blocks: readonly Block[]) {
    this.names = blocks.flatMap(blockNames);
    this.sources = Int32Array.from(blocks.flatMap((block) => blockNames(block).map(() => block.source)));
    this.width = this.names.length;
  }

  encode(dataset: Dataset, rows: Int32Array): Float64Array {
    const encoded = new Float64Array(rows.length * this.width);
    let offset = 0;
    for (const { block, column } of this.pair(dataset)) {
      encodeBlock(block, column, rows, encoded, offset, this.width);
      offset += blockNames(block).length;
    }
    return encoded;
  }

  columnsOf(dataset: Dataset, rows: Int32Array): (j: number, from: number, out: Float64Array) => void {
    const makers = this.pair(dataset).flatMap(({ block, column }) => {
      const make = makerOf(block, column, rows);
      return blockNames(block).map((_, k) => ({ make, k }));
    });
    return (j, from, out) => makers[j].make(makers[j].k, from, out);
  }

  encodeSparse(dataset: Dataset, rows: Int32Array): SparseColumns {
    const builder = new SparseBuilder(rows.length, this.countNonZero(dataset, rows));
    for (const { block, column } of this.pair(dataset)) addBlock(block, column, rows, builder);
    return builder.build();
  }

  density(dataset: Dataset, rows: Int32Array): number {
    const known = this.densities.get(rows);
    if (known?.dataset === dataset) return known.density;
    const density = this.countNonZero(dataset, rows) / Math.max(1, rows.length * this.width);
    this.densities.set(rows, { dataset, density });
    return density;
  }

  private countNonZero(dataset: Dataset, rows: Int32Array): number {
    return this.pair(dataset).reduce((sum, { block, column }) => sum + countNonZero(block, column, rows), 0);
  }

  /** Each block with the column that it encodes. */
  private pair(dataset: Dataset): { block: Block; column: Column }[] {
    const byName = new Map(dataset.columns.map((column) => [column.name, column]));
    return this.blocks.map((block) => {
      const column = byName.get(block.name);
      if (column !== undefined) return { block, column };
      throw new DataError(
        'unknown-column',
        `the model was trained on a column '${block.name}' that this table lacks`,
        'Give it a table with the columns of the training data',
        { column: block.name },
      );
    });
  }

  toJSON(): JsonObject {
    return { version: 1, blocks: this.blocks.map((block) => ({ ...block })) };
  }
}
