// Writes the experiment file's JSON Schema, which package.json contributes to editors, from the sources that parse it.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Writes experiment.schema.json into a folder. */
export async function writeSchema(folder) {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `export { experimentJsonSchema } from './src/core/experiment';`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // yaml is CommonJS and asks for node:process by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///');" },
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { experimentJsonSchema } = await import(`data:text/javascript;base64,${code}`);
  writeFileSync(
    join(folder, 'experiment.schema.json'),
    `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`,
  );
}
