import type { SourceDocument } from './document';
import type { Diagnostic } from './experiment';
import { explain, type Issue, meantIssue, pointAt } from './explain';
import { type ExperimentFile, experimentSchema } from './schema';
import { typeName } from './schema-walk';

export interface Validated {
  /** The file's content with defaults filled in, the parts with mistakes left out. */
  readonly file: ExperimentFile;
  readonly diagnostics: readonly Diagnostic[];
}

const EMPTY: ExperimentFile = experimentSchema.parse({ data: {}, tasks: {}, models: {} });

/** One mistake can hide another below it, but never for more rounds than the file is deep. */
const MAX_ROUNDS = 10;

/** Checks a document against the schema: every mistake at its place, and whatever is left without them. */
export function validate(document: SourceDocument): Validated {
  if (typeName(document.raw) !== 'object') {
    const empty = typeName(document.raw) === 'null';
    const diagnostic = pointAt(document, [], 'key', {
      code: empty ? 'empty-file' : 'wrong-type',
      message: empty ? 'the file is empty' : 'an experiment file is a map of sections',
      remedy: 'write `data:` with the file of the table, `tasks:` and `models:`',
    });
    return { file: EMPTY, diagnostics: document.diagnostics.length > 0 ? [] : [diagnostic] };
  }
  const raw = withoutEmptySections(document.raw);
  let result = experimentSchema.safeParse(raw);
  if (result.success) return { file: result.data, diagnostics: [] };
  const explained = result.error.issues.flatMap((issue) => explain(issue, document, raw));
  // Several issues may come of one mistake, such as a key that is unknown and so missing under its right name.
  const texts = explained.map((diagnostic) => JSON.stringify(diagnostic));
  const diagnostics = explained.filter((_, index) => texts.indexOf(texts[index]) === index);
  const rest = structuredClone(raw);
  for (let round = 0; round < MAX_ROUNDS && !result.success; round++) {
    for (const issue of result.error.issues.toReversed()) prune(rest, meantIssue(issue));
    result = experimentSchema.safeParse(rest);
  }
  return { file: result.success ? result.data : EMPTY, diagnostics };
}

/** `sweeps:` with nothing after it yet is a section being written, not a mistake. */
function withoutEmptySections(raw: unknown): object {
  const optional = ['sweeps', 'ensembles', 'metrics', 'relatedness'];
  const kept = Object.entries(raw ?? {}).filter(([key, value]) => value !== null || !optional.includes(key));
  return Object.fromEntries(kept);
}

/** Takes out what an issue complains of, or the entry around it where something is missing. */
function prune(raw: object, issue: Issue): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) remove(raw, [...issue.path, key]);
    return;
  }
  if (remove(raw, issue.path)) return;
  if (issue.path.length > 1) remove(raw, issue.path.slice(0, -1));
  else Reflect.set(raw, issue.path[0], {});
}

function remove(raw: object, path: readonly PropertyKey[]): boolean {
  let holder: unknown = raw;
  for (const step of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return false;
    holder = Reflect.get(holder, step);
  }
  const last = path.at(-1);
  if (typeof holder !== 'object' || holder === null || last === undefined || !Object.hasOwn(holder, last)) {
    return false;
  }
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  return true;
}
