import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { StoreError } from '../errors';
import { hasCode } from '../paths';
import { DEFINITION, HEADER_BYTES, type StepColumn, type StepGroup, writeHeader } from './format';
import { type Frame, GroupWriter } from './group-writer';
import { StepFile } from './step-file';

/** One recorded step; values that are not finite are written as none. */
export interface RecordedStep {
  readonly configuration: number;
  /** Index of the task that is learned alone. */
  readonly task?: number;
  readonly step: number;
  readonly objective?: number;
  readonly taskLosses?: readonly number[];
  readonly validationLosses?: readonly number[];
  readonly penalty?: number;
  readonly learningRate?: number;
}

const FLUSH_MS = 100;

interface Open {
  readonly number: number;
  readonly writer: GroupWriter;
}

/**
 * Appends the steps of one attempt to its file of columns, with the pyramid that charts read. The file comes into
 * being with the first step; rows are held back for at most 100 ms of the process's own time.
 */
export class StepWriter {
  private readonly begun = performance.now();
  private readonly groups = new Map<string, Open>();
  private file: number | undefined;
  private defined = 0;
  private flushed = this.begun;

  constructor(private readonly path: string) {}

  /** @throws StoreError `already-exists` when another process writes this attempt's steps */
  append(step: RecordedStep): void {
    const { writer } = this.group(step);
    writer.append(step.step, valuesOf(step));
    const now = performance.now();
    if (writer.isFull || now - this.flushed >= FLUSH_MS) this.flush();
  }

  flush(): void {
    this.flushed = performance.now();
    const parts: Buffer[] = [];
    for (const { number, writer } of this.groups.values()) {
      if (!writer.isDirty) continue;
      for (const frame of writer.takeFrames()) parts.push(this.bytesOf(number, frame));
    }
    this.write(Buffer.concat(parts));
  }

  /** Writes what is held back; the bytes of the file that hold every step so far. */
  position(): number {
    this.flush();
    return this.file === undefined ? 0 : fstatSync(this.file).size;
  }

  /** Repeats what the first `bytes` of another attempt's file hold. */
  repeat(path: string, bytes: number): void {
    const file = new StepFile(path, bytes);
    file.refresh();
    for (const [number, { configuration, task, columns }] of file.groups()) {
      const { steps, low } = file.read(number, [...columns.keys()], Number.POSITIVE_INFINITY);
      steps.forEach((step, row) => {
        const values = low.map((column) => column[row]);
        const losses = (quantity: StepColumn['quantity']) => {
          const found = values.filter((_, c) => columns[c].quantity === quantity);
          return found.length > 0 ? found : undefined;
        };
        const one = (quantity: StepColumn['quantity']) => losses(quantity)?.[0];
        const recorded = {
          objective: one('objective'),
          penalty: one('penalty'),
          learningRate: one('learningRate'),
          taskLosses: losses('taskLoss'),
          validationLosses: losses('validationLoss'),
        };
        this.append({ configuration, ...(task !== undefined && { task }), step, ...defined(recorded) });
      });
    }
    this.flush();
  }

  /** Nothing more comes of the configurations so far: writes what is held back and frees what it was held in. */
  rest(): void {
    this.flush();
    this.groups.clear();
  }

  close(): void {
    if (this.file === undefined) return;
    this.flush();
    closeSync(this.file);
    this.file = undefined;
  }

  private group(step: RecordedStep): Open {
    const shape = [
      step.configuration,
      step.task,
      step.objective === undefined,
      step.penalty === undefined,
      step.learningRate === undefined,
      step.taskLosses?.length,
      step.validationLosses?.length,
    ].join(' ');
    let open = this.groups.get(shape);
    if (open === undefined) {
      const columns = columnsOf(step);
      open = { number: this.defined++, writer: new GroupWriter(columns.length) };
      this.groups.set(shape, open);
      const { configuration, task } = step;
      this.define(open.number, { configuration, ...(task !== undefined && { task }), columns });
    }
    return open;
  }

  private define(group: number, definition: StepGroup): void {
    const json = Buffer.from(JSON.stringify(definition), 'utf8');
    const padded = Buffer.alloc(4 * Math.ceil(json.length / 4), ' ');
    json.copy(padded);
    this.write(this.framed(group, DEFINITION, 0, 0, padded));
  }

  private bytesOf(group: number, { level, first, steps, values }: Frame): Buffer {
    const payload = Buffer.alloc(4 * steps.length * (1 + values.length));
    steps.forEach((step, i) => {
      payload.writeUInt32LE(step, 4 * i);
    });
    values.forEach((column, c) => {
      const from = 4 * steps.length * (1 + c);
      for (let i = 0; i < column.length; i++) payload.writeFloatLE(column[i], from + 4 * i);
    });
    return this.framed(group, level, first, steps.length, payload);
  }

  private framed(group: number, level: number, first: number, count: number, payload: Buffer): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    const mono = (performance.now() - this.begun) / 1000;
    writeHeader(new DataView(header.buffer, header.byteOffset, HEADER_BYTES), {
      bytes: payload.length,
      group,
      level,
      first,
      count,
      mono,
    });
    return Buffer.concat([header, payload]);
  }

  private write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.file ??= openNew(this.path);
    let done = 0;
    while (done < bytes.length) done += writeSync(this.file, bytes, done);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new StoreError('already-exists', `${path} exists: this attempt was begun by another process.`);
  }
}

/** Columns in the order of `valuesOf`. */
function columnsOf(step: RecordedStep): readonly StepColumn[] {
  const losses = (quantity: StepColumn['quantity'], values: readonly number[] | undefined) =>
    (values ?? []).map((_, task) => ({ quantity, task }));
  return [
    ...(step.objective === undefined ? [] : [{ quantity: 'objective' } as const]),
    ...(step.penalty === undefined ? [] : [{ quantity: 'penalty' } as const]),
    ...(step.learningRate === undefined ? [] : [{ quantity: 'learningRate' } as const]),
    ...losses('taskLoss', step.taskLosses),
    ...losses('validationLoss', step.validationLosses),
  ];
}

function valuesOf(step: RecordedStep): readonly number[] {
  const whole = [step.objective, step.penalty, step.learningRate].filter((value) => value !== undefined);
  return [...whole, ...(step.taskLosses ?? []), ...(step.validationLosses ?? [])].map(finiteOrNone);
}

function finiteOrNone(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function defined<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
