/**
 * Step metrics in a file: frames that are appended and never changed, each a header of 32 bytes and a payload, all
 * little-endian. What one configuration (for one task alone, where it is alone) records is a group of columns.
 *
 * | bytes | | |
 * |---|---|---|
 * | 0 | u32 | `MAGIC` |
 * | 4 | u32 | bytes of payload, a multiple of 4 |
 * | 8 | u32 | group |
 * | 12 | u16 | level: `DEFINITION`, 0 for rows, above for buckets of `bucketRows(level)` rows |
 * | 14 | u16 | 0 |
 * | 16 | u32 | number of the first row (bucket) in the frame, from 0 in the group |
 * | 20 | u32 | rows (buckets) in the frame |
 * | 24 | f64 | seconds since the attempt started |
 *
 * Payload of a definition: JSON of `StepGroup`. Of rows: u32 step of each, then each column as f32, NaN for no value.
 * Of buckets: u32 step of each bucket's first row, then of each column the f32 minima and the f32 maxima.
 * A frame that is cut short was never written: its process was killed.
 */
const MAGIC = 0x3153_5754;
export const HEADER_BYTES = 32;
export const DEFINITION = 0xffff;
/** Levels of the pyramid above the rows: 16 to 65,536 rows a bucket. */
export const LEVELS = 7;

/** Rows that one bucket of a level stands for. */
export function bucketRows(level: number): number {
  return level === 0 ? 1 : 4 * 4 ** level;
}

export type StepQuantity = 'objective' | 'taskLoss' | 'validationLoss' | 'penalty' | 'learningRate';

export interface StepColumn {
  readonly quantity: StepQuantity;
  /** Index among the tasks of the fit, for losses. */
  readonly task?: number;
}

/** What a group's columns are of. */
export interface StepGroup {
  readonly configuration: number;
  /** Index of the task that is learned alone. */
  readonly task?: number;
  readonly columns: readonly StepColumn[];
}

export interface FrameHeader {
  readonly bytes: number;
  readonly group: number;
  readonly level: number;
  readonly first: number;
  readonly count: number;
  readonly mono: number;
}

export function writeHeader(into: DataView, header: FrameHeader): void {
  into.setUint32(0, MAGIC, true);
  into.setUint32(4, header.bytes, true);
  into.setUint32(8, header.group, true);
  into.setUint16(12, header.level, true);
  into.setUint16(14, 0, true);
  into.setUint32(16, header.first, true);
  into.setUint32(20, header.count, true);
  into.setFloat64(24, header.mono, true);
}

/** Undefined where no frame begins. */
export function readHeader(from: DataView): FrameHeader | undefined {
  if (from.byteLength < HEADER_BYTES || from.getUint32(0, true) !== MAGIC) return undefined;
  return {
    bytes: from.getUint32(4, true),
    group: from.getUint32(8, true),
    level: from.getUint16(12, true),
    first: from.getUint32(16, true),
    count: from.getUint32(20, true),
    mono: from.getFloat64(24, true),
  };
}
