import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { SerializedModel } from '../core/learner/learner';
import { StoreError } from './errors';
import { readJson, writeFileAtomic, writeJson } from './json';
import { resolveInside } from './paths';
import { fromLittleEndian, littleEndian } from './predictions';
import { json } from './schema';

const kinds = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;
const kindOf = z.enum(['float64', 'float32', 'int32', 'uint8']);

const bundleHeader = z.object({
  format: z.literal('taskweave-bundle'),
  version: z.literal(1),
  parts: z.array(
    z.object({
      tasks: z.array(z.string()),
      configuration: z.int(),
      model: z.object({
        format: z.literal('taskweave-model'),
        version: z.literal(1),
        learner: z.string(),
        header: json,
      }),
      arrays: z.array(
        z.object({
          name: z.string(),
          kind: kindOf,
          length: z.int().nonnegative(),
          file: z.string().regex(/^\d+\.\d+\.bin$/),
        }),
      ),
    }),
  ),
});

/** A model as a run keeps it: one or several fitted models, each for the tasks it names. */
export interface ModelBundle {
  readonly parts: readonly {
    readonly tasks: readonly string[];
    /** Index of the fitted configuration among its trial's. */
    readonly configuration: number;
    readonly model: SerializedModel;
  }[];
}

/**
 * Writes `folder/model.json` and, for array j of part i, `folder/<i>.<j>.bin`: raw little-endian numbers of the kind
 * and length the JSON states. No file holds code, and no name comes from the data. The JSON is written last: a folder
 * that has it is complete.
 */
export function writeModel(folder: string, bundle: ModelBundle): void {
  mkdirSync(folder, { recursive: true });
  const parts = bundle.parts.map(({ tasks, configuration, model }, i) => {
    const arrays = Object.entries(model.arrays).map(([name, values], j) => {
      const file = `${i}.${j}.bin`;
      writeFileAtomic(join(folder, file), littleEndian(values));
      return { name, kind: kindName(values), length: values.length, file };
    });
    const { format, version, learner, header } = model;
    return { tasks, configuration, model: { format, version, learner, header }, arrays };
  });
  writeJson(join(folder, 'model.json'), { format: 'taskweave-bundle', version: 1, parts });
}

/**
 * @param root real path of the store
 * @param folder of the model, relative to it
 * @throws StoreError `damaged-file`
 */
export function readModel(root: string, folder: string): ModelBundle {
  const header = readJson(resolveInside(root, folder, 'model.json'), bundleHeader);
  if (header === undefined)
    throw new StoreError('damaged-file', `There is no model in ${join(root, folder)}.`);
  return {
    parts: header.parts.map(({ tasks, configuration, model, arrays }) => ({
      tasks,
      configuration,
      model: {
        ...model,
        arrays: Object.fromEntries(
          arrays.map(({ name, kind, length, file }) => {
            const path = resolveInside(root, folder, file);
            const values = fromLittleEndian(readFileSync(path), kinds[kind]);
            if (values.length !== length)
              throw new StoreError('damaged-file', `${path} is not ${length} numbers long.`);
            return [name, values];
          }),
        ),
      },
    })),
  };
}

function kindName(values: SerializedModel['arrays'][string]): z.infer<typeof kindOf> {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Int32Array) return 'int32';
  return 'uint8';
}
