/**
 * Sentences that core makes in English: verdicts, advice, findings in the file. They are kept with a run and printed by the
 * command line as they are; where they are shown, they are known again by their templates and said in another language.
 */
import { CORE_SENTENCES } from './core-sentences';
import { messagesInUse, t } from './l10n';

interface Template {
  readonly text: string;
  readonly pattern: RegExp;
}

const whole: ReadonlySet<string> = new Set(CORE_SENTENCES);
let templates: readonly Template[] | undefined;
const said = new Map<string, string>();
let saidIn = messagesInUse();

/** A sentence of core in the language of the bundle; one that is not known stays as it is. */
export function sentence(text: string): string {
  const bundle = messagesInUse();
  if (Object.keys(bundle).length === 0) return text;
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
  templates ??= CORE_SENTENCES.flatMap(templateOf).sort((a, b) => weight(b.text) - weight(a.text));
  for (const { text: template, pattern } of templates) {
    const match = pattern.exec(text);
    if (match) return t(template, ...match.slice(1).map(translated));
  }
  return text;
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
