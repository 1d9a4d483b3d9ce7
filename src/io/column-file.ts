import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { DataError, type NumericColumn } from '../core/dataset';
import { fromLittleEndian } from './fingerprint';

/** One call reads at most this; the system's own limit is 2 GiB. */
const PIECE_BYTES = 1 << 26;

/** Files are closed when no column is left that reads from them. */
const forgotten = new FinalizationRegistry<number>(closeSync);

/** Numbers in a file that must stay as it was when it was opened: the system's file cache, not the process, holds them. */
export class ColumnFile {
  private readonly file: number;
  private readonly opened: FileState;

  /** @throws Error where there is no plain file */
  constructor(private readonly path: string) {
    // Windows has no O_NOFOLLOW; there the check before has to do.
    if (!lstatSync(path).isFile()) throw new Error(`${path} is not a plain file`);
    this.file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    forgotten.register(this, this.file, this);
    this.opened = stateOf(this.file);
  }

  /** For those who need no more of it; else it is closed when it is forgotten. */
  close(): void {
    forgotten.unregister(this);
    closeSync(this.file);
  }

  get size(): number {
    return Number(this.opened.size);
  }

  /**
   * Fills `out` with the little-endian numbers from byte `position` on.
   * @throws DataError `changed-while-reading`
   */
  read(position: number, out: Float64Array | Int32Array): void {
    const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(this.file, bytes, at, Math.min(PIECE_BYTES, bytes.length - at), position + at);
      if (count === 0) throw this.changed();
      at += count;
    }
    const { size, mtimeNs } = stateOf(this.file);
    if (size !== this.opened.size || mtimeNs !== this.opened.mtimeNs) throw this.changed();
    fromLittleEndian(out);
  }

  private changed(): DataError {
    return new DataError(
      'changed-while-reading',
      'the cache of the data was changed by another program while a run read it',
      'Run again',
      { file: this.path },
    );
  }
}

/** A numeric column whose values stay in a file. */
export class FiledColumn implements NumericColumn {
  readonly kind = 'numeric';

  /** @param position of its first number, in bytes */
  constructor(
    readonly name: string,
    private readonly rowCount: number,
    private readonly file: ColumnFile,
    private readonly position: number,
  ) {}

  get values(): Float64Array {
    const values = new Float64Array(this.rowCount);
    this.file.read(this.position, values);
    return values;
  }

  read(first: number, out: Float64Array): void {
    this.file.read(this.position + 8 * first, out);
  }
}

type FileState = ReturnType<typeof stateOf>;

function stateOf(file: number) {
  return fstatSync(file, { bigint: true });
}
