/**
 * Sentences that the engine makes in English: verdicts, advice, findings in the file, why a run failed. They are kept with a
 * run and printed as they are; where people read them they are said in the language of the bundle, by the templates that
 * they were made from. Those are catalogued (`*-sentences.ts`), and a test sees to it that none is forgotten.
 */
import { messagesInUse, t } from './l10n';
import { rowName, trialName } from './names';

interface Template {
  readonly text: string;
  readonly pattern: RegExp;
}

let whole: ReadonlySet<string> = new Set();
let templates: readonly Template[] = [];
const said = new Map<string, string>();
let saidIn = messagesInUse();

/** From now on these templates are known, those of `sentence-templates.ts`: who speaks English need not load them. */
export function knowSentences(all: readonly string[]): void {
  whole = new Set(all);
  templates = all.flatMap(templateOf).sort((a, b) => weight(b.text) - weight(a.text));
  said.clear();
}

/** Longer texts are none of ours: they are not searched. */
const LONGEST = 2000;

/** A sentence of the engine in the language of the bundle; one that is not known stays as it is. */
export function sentence(text: string): string {
  const bundle = messagesInUse();
  if (whole.size === 0 || Object.keys(bundle).length === 0 || text.length > LONGEST) return text;
  if (bundle !== saidIn) said.clear();
  saidIn = bundle;
  let found = said.get(text);
  if (found === undefined) {
    found = translated(text);
    said.set(text, found);
  }
  return found;
}

/** What stands in the places of a sentence may be one itself: a verdict in an advice. */
function translated(text: string): string {
  if (whole.has(text)) return t(text);
  for (const { text: template, pattern } of templates) {
    const match = pattern.exec(text);
    if (match) return t(template, ...match.slice(1).map(inPlace));
  }
  return composed(text);
}

/** A sentence, or a row of the leaderboard by its name. */
function inPlace(text: string): string {
  const own = translated(text);
  return own === text ? rowName(text) : own;
}

/** `where: what. What to do.`: known sentences behind a place or a name, and one after another. */
function composed(text: string): string {
  const sentences = text.split(/(?<=[.!]) (?=[A-Z`"])/);
  if (sentences.length > 1) {
    const own = sentences.map(translated);
    if (own.some((one, i) => one !== sentences[i])) return own.join('');
  }
  for (let at = text.indexOf(': '); at >= 0; at = text.indexOf(': ', at + 1)) {
    const rest = translated(text.slice(at + 2));
    if (rest !== text.slice(at + 2)) return t('{0}: {1}', placed(text.slice(0, at)), rest);
  }
  if (!text.endsWith('.')) return text;
  const body = translated(text.slice(0, -1));
  return body === text.slice(0, -1) ? text : t('{0}.', body);
}

/** `table.csv, line 3`, or what the planner calls a trial. */
function placed(text: string): string {
  const own = text.split(', ').map(translated).join(', ');
  return own === text ? trialName(text) : own;
}

function templateOf(text: string): readonly Template[] {
  const parts = text.split(/\{\d+\}/);
  if (parts.length === 1) return [];
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*)');
  return [{ text, pattern: new RegExp(`^${pattern}$`, 's') }];
}

/** Letters that a sentence has to have to be this one: the most telling template comes first. */
function weight(text: string): number {
  return text.replace(/\{\d+\}/g, '').length;
}
