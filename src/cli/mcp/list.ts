/** The experiments below a folder, for an assistant that sees no files. */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseExperiment } from '../../core/experiment';

export interface ListedExperiment {
  /** Relative to the folder. */
  readonly path: string;
  readonly tasks: readonly string[];
  readonly models: readonly string[];
  readonly ensembles: readonly string[];
}

const EXPERIMENT = /\.mtl\.(ya?ml|json)$/i;
/** Folders of programs and of histories hold no experiments that a person wrote. */
const SKIPPED = /^(\..*|node_modules|__pycache__)$/;
const DEPTH = 8;
/** A list that is longer helps nobody. */
const MOST = 200;

/** Experiments below a folder by path, links not followed. */
export function listExperiments(folder: string): readonly ListedExperiment[] {
  return filesBelow(folder, DEPTH)
    .slice(0, MOST)
    .map((file) => {
      const { draft } = parseExperiment(readFileSync(file, 'utf8'));
      return {
        path: relative(folder, file),
        tasks: draft.tasks.map(({ id }) => id),
        models: draft.models.map(({ name }) => name),
        ensembles: draft.ensembles.map(({ name }) => name),
      };
    });
}

function filesBelow(folder: string, depth: number): readonly string[] {
  const entries = readable(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => entry.isFile() && EXPERIMENT.test(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory() && !SKIPPED.test(entry.name));
  return [
    ...files.map(({ name }) => join(folder, name)),
    ...(depth > 0 ? folders.flatMap(({ name }) => filesBelow(join(folder, name), depth - 1)) : []),
  ];
}

/** What is in a folder; nothing where it may not be read. */
function readable(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
