import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { JsonObject } from '../core/learner/learner';
import { writeFileAtomic } from './json';
import { isMissing } from './paths';
import { fromLittleEndian, littleEndian, type NumberArray } from './predictions';
import { json } from './schema';

/** The state of a trial that is under way: JSON and named arrays. */
export interface StoredState {
  readonly header: JsonObject;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

const kinds = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
} as const;

const index = z.object({
  format: z.literal('taskweave-checkpoint'),
  version: z.literal(1),
  header: json,
  arrays: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['float64', 'float32', 'int32', 'uint32', 'uint8']),
      length: z.int().nonnegative(),
    }),
  ),
});

/**
 * One file: the length of the JSON (32 bits, little-endian), the JSON, which names the arrays, and their numbers one array
 * after the other, little-endian. It replaces the one before as a whole.
 */
export function writeCheckpoint(path: string, { header, arrays }: StoredState): void {
  const list = Object.entries(arrays);
  const named = list.map(([name, values]) => ({ name, kind: kindOf(values), length: values.length }));
  const text = Buffer.from(
    JSON.stringify({ format: 'taskweave-checkpoint', version: 1, header, arrays: named }),
    'utf8',
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  writeFileAtomic(path, Buffer.concat([length, text, ...list.map(([, values]) => littleEndian(values))]));
}

/** Undefined where there is none, or what is there is not whole: the work is then done from its start. */
export function readCheckpoint(path: string): StoredState | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  if (bytes.length < 4) return undefined;
  let at = 4 + bytes.readUInt32LE(0);
  const parsed = index.safeParse(parseJson(bytes.toString('utf8', 4, at)));
  if (!parsed.success) return undefined;
  const arrays: Record<string, NumberArray> = {};
  for (const { name, kind, length } of parsed.data.arrays) {
    const size = length * kinds[kind].BYTES_PER_ELEMENT;
    if (at + size > bytes.length) return undefined;
    arrays[name] = fromLittleEndian(bytes.subarray(at, at + size), kinds[kind]);
    at += size;
  }
  return { header: parsed.data.header, arrays };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(values: NumberArray): keyof typeof kinds {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Int32Array) return 'int32';
  return values instanceof Uint32Array ? 'uint32' : 'uint8';
}
