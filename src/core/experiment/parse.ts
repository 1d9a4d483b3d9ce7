import { type Path, parseSource, type SourceDocument, type SourceRange } from './document';
import type { Diagnostic, Experiment } from './experiment';
import { pointAt } from './explain';
import { checkReferences } from './references';
import { isReserved } from './reserved';
import { resolveExperiment } from './resolve';
import { valueAt } from './schema-walk';
import { validate } from './validate';

/** An experiment file read: what it says, what is wrong with it, and where everything stands. */
export interface ParsedExperiment {
  /** Absent when the file has an error. */
  readonly experiment?: Experiment;
  /** What can be made of the file with its mistakes left out: for views, and for checks beside those mistakes. */
  readonly draft: Experiment;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  /** The file's content as plain data, as written. */
  readonly raw: unknown;
  /**
   * Range of what stands at `path` (`['models', 'linear']`): of a plain value the value, of a map or list its key, or
   * the one asked for; where there is no such path, of the key of its nearest ancestor.
   */
  locate(path: Path, part?: 'key' | 'value'): SourceRange;
}

/** Reads an experiment file (YAML or JSON). Never throws: all mistakes come back at once, each with its place. */
export function parseExperiment(text: string): ParsedExperiment {
  const document = parseSource(text);
  const { file, diagnostics } = validate(document);
  const draft = resolveExperiment(file);
  const broken = document.diagnostics.some((one) => one.code === 'yaml-syntax');
  const all = [
    ...document.diagnostics,
    ...diagnostics,
    ...checkReferences(document, draft),
    ...reservedNames(document),
  ]
    // What seems to be missing may stand where the YAML cannot be read.
    .filter((one) => !broken || (one.code !== 'missing-key' && one.code !== 'missing-value'))
    .sort(byPlace);
  const sound = !all.some((one) => one.severity === 'error');
  return {
    ...(sound ? { experiment: draft } : {}),
    draft,
    diagnostics: all,
    text,
    raw: document.raw,
    locate: document.locate,
  };
}

/** Names that every object of JavaScript has are none for what is kept by its name in files and tables. */
function reservedNames(document: SourceDocument): Diagnostic[] {
  return ['tasks', 'models', 'sweeps', 'ensembles'].flatMap((section) =>
    Object.keys(Object(valueAt(document.raw, [section])))
      .filter(isReserved)
      .map((name) =>
        pointAt(document, [section, name], 'key', {
          code: 'reserved-name',
          message: `"${name}" cannot be a name in \`${section}\`: it is one of the language that Taskweave is written in`,
          remedy: 'give it another name, such as one with a letter more',
        }),
      ),
  );
}

/** Compares diagnostics by where they stand in the file. */
export function byPlace(a: SourceRange, b: SourceRange): number {
  return a.line - b.line || a.column - b.column;
}
