import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { StoreError } from './errors';
import { writeFileAtomic } from './json';

/**
 * Predictions in a file: little-endian float32, configuration-major, then column (tasks in order, the classes of a
 * multiclass task in order), then row. `values` has configurations × columns × rows entries.
 */
export interface PredictionBlock {
  readonly configurations: number;
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

export function writePredictions(path: string, block: PredictionBlock): void {
  writeFileAtomic(path, littleEndian(block.values));
}

/**
 * One configuration's predictions, columns × rows.
 * @throws StoreError `damaged-file` when the file has not the size its event states
 */
export function readPredictions(
  path: string,
  shape: Omit<PredictionBlock, 'values'>,
  configuration: number,
): Float32Array {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const length = shape.columns * shape.rows;
    if (fstatSync(file).size !== shape.configurations * length * 4) {
      throw new StoreError(
        'damaged-file',
        `${path} has not the size its events state. Resume the run to redo its trial.`,
      );
    }
    const bytes = new Uint8Array(length * 4);
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(file, bytes, done, bytes.length - done, configuration * bytes.length + done);
      if (count === 0) break;
      done += count;
    }
    return fromLittleEndian(bytes, Float32Array);
  } finally {
    closeSync(file);
  }
}

type ArrayKind =
  | typeof Float64Array
  | typeof Float32Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Uint8Array;
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** The array's bytes, lowest first whatever the machine's order is. */
export function littleEndian(values: NumberArray): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return isLittleEndian ? bytes : swapped(bytes, values.BYTES_PER_ELEMENT);
}

export function fromLittleEndian<K extends ArrayKind>(bytes: Uint8Array, Kind: K): InstanceType<K>;
export function fromLittleEndian(bytes: Uint8Array, Kind: ArrayKind): NumberArray {
  // A copy: a Buffer's bytes need not begin where its memory does, nor at a multiple of the width.
  const own = isLittleEndian ? new Uint8Array(bytes) : swapped(bytes, Kind.BYTES_PER_ELEMENT);
  return new Kind(own.buffer, 0, own.byteLength / Kind.BYTES_PER_ELEMENT);
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function swapped(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += width) {
    for (let b = 0; b < width; b++) result[i + b] = bytes[i + width - 1 - b];
  }
  return result;
}
