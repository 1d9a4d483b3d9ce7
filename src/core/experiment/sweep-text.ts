import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import type { JsonObject } from '../learner/learner';
import { parseExperiment } from './parse';

/** A sweep as a file writes it: `{ model, over, folds?, rule?, select?, search?, budget? }`. */
export interface SweepText {
  readonly model: string;
  readonly [key: string]: JsonObject[string];
}

/** `text` in the place of what stands from `start` to `end` (offsets in UTF-16 units). */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The experiment with this sweep only: its model alone, no ensembles. What is wrong with the sweep is found by whoever
 * reads it, as if a person had written it.
 */
export function sweepOnly(text: string, sweep: SweepText): string {
  const document = parseDocument(text, { merge: true });
  const models = document.get('models');
  if (isMap(models)) {
    models.items = models.items.filter(({ key }) => nameOf(key) === sweep.model);
  }
  document.delete('ensembles');
  document.delete('relatedness');
  document.setIn(['sweeps'], document.createNode({ [sweepName(document, sweep.model)]: sweep }));
  return document.toString();
}

/**
 * The edit that puts a sweep into the file: in the place of the one its model has, else after the others, else at the
 * end. Nothing else of the file changes.
 */
export function sweepWritten(text: string, sweep: SweepText): TextEdit {
  const document = parseDocument(text, { merge: true });
  const name = sweepName(document, sweep.model);
  const isJson = text.trimStart().startsWith('{');
  const value = isJson ? JSON.stringify(sweep) : flow(sweep);
  const key = isJson ? JSON.stringify(name) : quoted(name);
  const sweeps = document.get('sweeps', true);
  const before = isMap(sweeps) ? sweeps.items.find((pair) => nameOf(pair.key) === name) : undefined;
  const place = rangeOf(before?.key);
  if (place) {
    const end = trimmed(text, rangeOf(before?.value)?.[1] ?? place[1]);
    return { start: place[1], end: Math.max(place[1], end), text: `: ${value}` };
  }
  if (isMap(sweeps) && sweeps.items.length > 0 && sweeps.range) {
    const last = sweeps.items[sweeps.items.length - 1];
    const end = rangeOf(last.value)?.[1] ?? sweeps.range[1];
    if (sweeps.flow) return { start: end, end, text: `, ${key}: ${value}` };
    const at = trimmed(text, end);
    return { start: at, end: at, text: `\n${indentOf(text, last.key)}${key}: ${value}` };
  }
  if (isMap(document.contents) && document.contents.flow) {
    const last = document.contents.items[document.contents.items.length - 1];
    const end = rangeOf(last?.value)?.[1] ?? text.length;
    return { start: end, end, text: `, "sweeps": {${key}: ${value}}` };
  }
  const end = trimmed(text, text.length);
  return { start: end, end, text: `\nsweeps:\n  ${key}: ${value}` };
}

/** That of the sweep the model has; else the model's own. */
function sweepName(document: Document, model: string): string {
  const { draft } = parseExperiment(document.toString());
  return draft.sweeps.find((sweep) => sweep.model === model)?.name ?? model;
}

function flow(value: object): string {
  // JSON is YAML, whatever stands around it; spaces as people write them.
  return JSON.stringify(value, null, 1)
    .replaceAll(/\n\s*/g, ' ')
    .replaceAll(/"([A-Za-z_][\w-]*)":/g, '$1:')
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']');
}

function quoted(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function rangeOf(node: unknown): readonly number[] | undefined {
  const range = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
  return Array.isArray(range) ? range : undefined;
}

/** Spaces before a key, as many as its line has. */
function indentOf(text: string, key: unknown): string {
  const start = rangeOf(key)?.[0] ?? 0;
  return ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
}

/** Before the blank that ends at `end`. */
function trimmed(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
