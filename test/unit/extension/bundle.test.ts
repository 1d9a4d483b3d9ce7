import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Ajv from 'ajv';
import esbuild from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { templates } from '../../../src/core/experiment';
import { writeSchema } from '../../tools/write-schema.mjs';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tw-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what the editor loads when the extension activates', () => {
  it('is small, and holds neither a tensor library nor code that trains', async () => {
    const { metafile, outputFiles } = await esbuild.build({
      entryPoints: [join(root, 'src/extension/extension.ts')],
      absWorkingDir: root,
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      outdir: folder,
      external: ['vscode', '@tensorflow/tfjs-node'],
      logLevel: 'silent',
    });
    const inputs = Object.values(metafile.outputs)
      .flatMap((output) => Object.entries(output.inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path);
    expect(inputs.filter((path) => path.includes('@tensorflow') || path.includes('sqlite'))).toEqual([]);
    const families = inputs.filter((path) => /src\/core\/learner\/\w+\//.test(path));
    expect(
      families.filter(
        (path) => !/\/(family|parameters|path|dense|work|penalties\/[\w-]+|losses\/[\w-]+)\.ts$/.test(path),
      ),
    ).toEqual([]);
    const eager = eagerInputs(metafile);
    expect([...eager].filter((path) => /^src\/core\/|\/(yaml|zod)\//.test(path))).toEqual([]);
    const [output] = Object.values(metafile.outputs);
    const bytes = [...eager].reduce((sum, path) => sum + (output.inputs[path]?.bytesInOutput ?? 0), 0);
    expect(bytes).toBeLessThan(130_000);
    expect(outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)).toBeLessThan(600_000);
  });
});

/** Modules that run when the extension activates; those that are imported when they are first needed are not among them. */
function eagerInputs({ inputs }: esbuild.Metafile): ReadonlySet<string> {
  const eager = new Set<string>();
  const look = (path: string) => {
    if (eager.has(path)) return;
    eager.add(path);
    for (const { path: next, kind, external } of inputs[path].imports)
      if (kind !== 'dynamic-import' && !external) look(next);
  };
  look('src/extension/extension.ts');
  return eager;
}

describe('the schema file that package.json contributes', () => {
  it('is written by the build, accepts every template and refuses a key that does not exist', async () => {
    const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const contributed = [...contributes.jsonValidation, ...contributes.yamlValidation];
    expect(contributed.map(({ url }) => url)).toEqual(contributed.map(() => './dist/experiment.schema.json'));

    await writeSchema(folder);
    const schema = JSON.parse(readFileSync(join(folder, 'experiment.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const { files } of templates) {
      for (const [name, text] of Object.entries(files)) {
        if (!name.endsWith('.mtl.yaml')) continue;
        expect(validate(yaml.parse(text)), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
      }
    }
    expect(validate({ data: { source: 'a.csv', sorce: 'b.csv' }, tasks: {}, models: {} })).toBe(false);
  });
});
