import type { z } from 'zod';
import type { Path, SourceDocument, SourceRange } from './document';
import { COMBINERS } from './ensemble-schema';
import type { Diagnostic } from './experiment';
import { nearest } from './nearest';
import { notYetSupported } from './not-yet';
import { quoted, written } from './quote';
import { MODEL_KINDS } from './schema';
import { schemaAt, typeName, valueAt } from './schema-walk';

export type Issue = z.core.$ZodIssue;

/** What is wrong and what to write instead; the place is added by `pointAt`. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** The name or value to put there; it is quoted as YAML needs it, or put there as it is where `literal`. */
  readonly replacement?: string;
  readonly literal?: boolean;
  readonly severity?: Diagnostic['severity'];
}

/** A diagnostic at the key or value of `path`. */
export function pointAt(
  document: Pick<SourceDocument, 'locate' | 'text'>,
  path: Path,
  part: 'key' | 'value' | undefined,
  explanation: Explanation,
): Diagnostic {
  const range: SourceRange = document.locate(path, part);
  const { replacement, literal, ...rest } = explanation;
  const diagnostic: Diagnostic = { severity: 'error', ...rest, ...range };
  if (replacement === undefined) return diagnostic;
  return { ...diagnostic, replacement: literal ? replacement : written(replacement, document.text, range) };
}

/** Turns an issue of the schema into words, one diagnostic a mistake. */
export function explain(issue: Issue, document: SourceDocument, raw: unknown): Diagnostic[] {
  const inner = meantIssues(issue);
  if (inner.length > 0) return inner.flatMap((one) => explain(one, document, raw));
  const path = toPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKeyAt(document, path, key, raw));
  }
  const value = valueAt(raw, path);
  if (value === undefined || value === null) {
    const misspelt = misspeltAs(path, raw);
    return misspelt === undefined
      ? [pointAt(document, path, 'key', missing(path, raw))]
      : [unknownKeyAt(document, path.slice(0, -1), misspelt, raw)];
  }
  const part = typeName(value) === 'object' || typeName(value) === 'array' ? 'key' : 'value';
  return [pointAt(document, path, part, wrongValue(issue, path, value, raw))];
}

/** Of a union's alternatives, the issue of the one that was meant (by the type of what stands there). */
export function meantIssue(issue: Issue): Issue {
  return meantIssues(issue)[0] ?? issue;
}

function meantIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [];
  const fitting = issue.errors.filter((branch) => !branch.some(isWrongTypeHere));
  // One that finds fault further down only was meant rather than one that finds it here: a map, where words stand too.
  const deep = fitting.filter((branch) => branch.every(({ path }) => path.length > 0));
  const branches = deep.length === 1 ? deep : fitting;
  if (branches.length !== 1) return [];
  return branches[0].flatMap((inner) => {
    const own: Issue = { ...inner, path: [...issue.path, ...inner.path] };
    const deeper = meantIssues(own);
    return deeper.length > 0 ? deeper : [own];
  });
}

function isWrongTypeHere(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type') return true;
  return issue.code === 'invalid_union' && issue.errors.every((branch) => branch.some(isWrongTypeHere));
}

function unknownKeyAt(document: SourceDocument, path: Path, key: string, raw: unknown): Diagnostic {
  return pointAt(document, [...path, key], 'key', unknownKey(path, key, raw));
}

function unknownKey(path: Path, key: string, raw: unknown): Explanation {
  const where = path.length === 0 ? 'an experiment file' : named(path);
  const unsupported = notYetSupported(path, key);
  if (unsupported !== undefined) {
    return {
      code: 'not-supported',
      message: `${named([...path, key])}: ${unsupported.what}`,
      remedy: unsupported.instead,
    };
  }
  const known = knownKeys(path, raw);
  const meant = meantKey(path, key, raw);
  return {
    code: 'unknown-key',
    message: `unknown key "${key}" in ${where}`,
    remedy: meant === undefined ? `its keys are ${known.join(', ')}` : `write "${meant}"`,
    replacement: meant,
  };
}

function knownKeys(path: Path, raw: unknown): string[] {
  const schema = schemaAt(path, raw);
  const shapes = schema?.properties === undefined ? (schema?.oneOf ?? []) : [schema];
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))];
}

/** The key that an unknown one was meant to be: near it, and not written yet. */
function meantKey(path: Path, key: string, raw: unknown): string | undefined {
  const free = knownKeys(path, raw).filter((one) => valueAt(raw, [...path, one]) === undefined);
  return nearest(key, free);
}

/** The unknown key that a missing one was written as: one mistake, not two. */
function misspeltAs(path: Path, raw: unknown): string | undefined {
  const parent = path.slice(0, -1);
  const known = knownKeys(parent, raw);
  const unknown = Object.keys(Object(valueAt(raw, parent))).filter((key) => !known.includes(key));
  return unknown.find((key) => meantKey(parent, key, raw) === path.at(-1));
}

function missing(path: Path, raw: unknown): Explanation {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const wanted = choicesAt(path, raw) ?? schemaAt(path, raw)?.description;
  if (valueAt(raw, path) === null) {
    return {
      code: 'missing-value',
      message: isEntry(path) ? `${named(path)} has an empty entry` : `${named(path)} is empty`,
      remedy: wanted && `give it ${asNoun(wanted)}`,
    };
  }
  return {
    code: 'missing-key',
    message: `${parent.length === 0 ? 'the file' : named(parent)} has no "${key}"`,
    remedy: `add \`${key}:\`${wanted === undefined ? '' : ` with ${asNoun(wanted)}`}`,
  };
}

function wrongValue(issue: Issue, path: Path, value: unknown, raw: unknown): Explanation {
  const { description, type } = schemaAt(path, raw) ?? {};
  switch (issue.code) {
    case 'invalid_value':
      return wrongChoice(path, value, issue.values.map(String));
    case 'invalid_union':
      if (issue.discriminator !== undefined) {
        return wrongChoice(path, value, issue.discriminator === 'combine' ? COMBINERS : MODEL_KINDS);
      }
      if (issue.errors.every(isChoice)) {
        return wrongChoice(path, value, issue.errors.flat().flatMap(choicesOf));
      }
      return { ...wrongType(path, value, description), ...convertedForOne(issue, value) };
    case 'invalid_type': {
      const expected = type === 'integer' ? 'int' : issue.expected;
      return { ...wrongType(path, value, article(expected), description), ...converted(expected, value) };
    }
    case 'too_small':
    case 'too_big':
      return outOfRange(issue, path, value);
    default:
      return { code: 'wrong-value', message: `${named(path)}: ${issue.message}`, remedy: description };
  }
}

/** One of several words or numbers, as alternatives of their own. */
function isChoice(branch: readonly Issue[]): boolean {
  return branch.length === 1 && branch[0].code === 'invalid_value' && branch[0].path.length === 0;
}

function choicesOf(issue: Issue): string[] {
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function wrongChoice(path: Path, value: unknown, choices: readonly string[]): Explanation {
  // A map has no text of its own.
  const word = typeof value === 'object' ? '' : String(value);
  const unsupported = notYetSupported(path, word);
  const meant = nearest(word, choices);
  const list = choices.join(', ');
  if (unsupported !== undefined) {
    return {
      code: 'not-supported',
      message: `${named(path)}: ${unsupported.what}`,
      remedy: unsupported.instead,
    };
  }
  return {
    code: 'wrong-value',
    message: cannotBe(path, value),
    remedy: meant === undefined ? `write one of ${list}` : `write "${meant}" (one of ${list})`,
    replacement: meant,
  };
}

function wrongType(
  path: Path,
  value: unknown,
  expected: string | undefined,
  description?: string,
): Explanation {
  return {
    code: 'wrong-type',
    message: cannotBe(path, value),
    remedy: [expected && `write ${asNoun(expected)}`, description && asNoun(description)]
      .filter(Boolean)
      .join(': '),
  };
}

/** Where only the form is wrong: a number in quotes, one value where a list is wanted. */
function converted(expected: string, value: unknown): Pick<Explanation, 'replacement' | 'literal'> {
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  if ((expected === 'number' || expected === 'int') && isNumber) {
    return { replacement: String(Number(value)), literal: true };
  }
  const isScalar = typeof value === 'string' || typeof value === 'number';
  return expected === 'array' && isScalar ? { replacement: `[${quoted(String(value))}]`, literal: true } : {};
}

/** Where one of several forms is a number. */
function convertedForOne(
  { errors }: z.core.$ZodIssueInvalidUnion,
  value: unknown,
): Pick<Explanation, 'replacement' | 'literal'> {
  const isNumber = errors.some((branch) =>
    branch.some((one) => one.code === 'invalid_type' && one.path.length === 0 && one.expected === 'number'),
  );
  return isNumber ? converted('number', value) : {};
}

function outOfRange(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  path: Path,
  value: unknown,
): Explanation {
  const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  if (issue.origin === 'array' || issue.origin === 'string') {
    const unit = issue.origin === 'array' ? 'entries' : 'characters';
    const message =
      limit === 1
        ? `${named(path)} ${isEntry(path) ? 'has an empty entry' : 'is empty'}`
        : `${named(path)} has the wrong number of ${unit}`;
    return {
      code: 'out-of-range',
      message,
      remedy: `write ${bound(issue).replace('of ', '')} ${limit === 1 ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit}`,
    };
  }
  const open = issue.inclusive === false;
  return {
    code: 'out-of-range',
    message: cannotBe(path, value),
    remedy: `write a number ${bound(issue)}`,
    replacement: open ? undefined : String(limit),
  };
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === 'too_small') {
    return issue.inclusive === false ? `greater than ${issue.minimum}` : `of at least ${issue.minimum}`;
  }
  return issue.inclusive === false ? `less than ${issue.maximum}` : `of at most ${issue.maximum}`;
}

function choicesAt(path: Path, raw: unknown): string | undefined {
  const parent = schemaAt(path.slice(0, -1), raw);
  const consts = (parent?.oneOf ?? []).map((choice) => choice.properties?.[String(path.at(-1))]?.const);
  return consts.length > 0 ? `one of ${consts.join(', ')}` : undefined;
}

function article(expected: string): string {
  const names: Record<string, string> = {
    object: 'a map, `key: value`',
    record: 'a map, `name: { … }`',
    array: 'a list, `[a, b]`',
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  };
  return names[expected] ?? `a value of type ${expected}`;
}

/** `models.linear.trees`; an item of a list is told by its value, not by a number. */
export function named(path: Path): string {
  return path.filter((step) => typeof step !== 'number').join('.');
}

const isEntry = (path: Path): boolean => typeof path.at(-1) === 'number';

function cannotBe(path: Path, value: unknown): string {
  return isEntry(path)
    ? `${named(path)}: ${shown(value)} cannot be in the list`
    : `${named(path)} cannot be ${shown(value)}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : JSON.stringify(value);
}

/** A description as part of a sentence: `A task.` → `a task`. */
function asNoun(text: string): string {
  const lower = /^[A-Z]([a-z]| )/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
  return lower.replace(/\.$/, '');
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}
