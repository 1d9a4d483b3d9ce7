import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { experimentJsonSchema, templates } from '../../../src/core/experiment';
import { type CommandContribution, commands } from '../../../src/extension/contributions';
import { commentsOf } from '../../../src/extension/template-text';
import { setMessages, t } from '../../../src/protocol/l10n';
import { modelState, runStatus } from '../../../src/protocol/runs';
import { SENTENCES } from '../../../src/protocol/sentence-templates';
import { metricName, metricNames, runState } from '../../../src/protocol/words';
import { columnLabels, messages, nouns } from '../../tools/messages.mjs';
import { summary } from './support';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): Record<string, string> => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Texts that are not written where they are shown: words of the data, of templates and of commands. */
const words = [
  ...runStatus.options,
  ...modelState.shape.status.options,
  ...modelState.shape.role.options,
  ...['regression', 'binary', 'multiclass'],
  ...['helped', 'no difference shown', 'negative transfer', 'too few rows to tell', 'not compared'],
  ...Object.keys(metricNames).map(metricName),
  ...nouns(root).flatMap((noun) => [`{0} ${noun}`, `{0} ${noun}s`]),
  ...columnLabels(root),
  ...['killed', 'out-of-memory', 'cancelled'],
  // Heads of the leaderboard, as the report has them.
  ...['#', 'name', 'role', 'mean', 'over alone', 'CPU s', 'nested', 'chosen', 'validation', 'level', 'fit s'],
  ...['s/1,000 rows', 'size', 'λ'],
  ...['joint', 'single-task', 'pooled', 'A is better', 'B is better', 'number', 'boolean', 'text', 'other'],
  ...templates.map(({ description }) => description),
  ...templates.flatMap(({ files }) =>
    Object.entries(files).flatMap(([path, text]) => (path.endsWith('.yaml') ? commentsOf(text) : [])),
  ),
  ...Object.values<CommandContribution>(commands).flatMap(({ title, runs }) => (runs ? [title] : [])),
];
const wanted = [...new Set([...messages(root), ...words, ...SENTENCES])].sort();
const languages = readdirSync(join(root, 'l10n')).filter((name) => /^bundle\.l10n\.[\w-]+\.json$/.test(name));

/** `{0}`, `{1}`, … of a text. */
const places = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

/** What the schema says of its keys, in completion and hovers. */
function descriptions(schema: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return found;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' && typeof value === 'string') found.add(value);
    else descriptions(value, found);
  }
  return found;
}

describe('the words of the extension', () => {
  it('are all in the English bundle', () => {
    const english = read('l10n/bundle.l10n.json');
    expect(wanted.filter((text) => !(text in english))).toEqual([]);
  });

  it('explain the keys of the experiment file in every language', () => {
    const texts = [...descriptions(experimentJsonSchema())];
    for (const name of languages) {
      const bundle = read(`l10n/${name}`);
      expect(texts.filter((text) => !(text in bundle))).toEqual([]);
    }
  });

  it('are all in every other language, with the same places for values', () => {
    expect(languages).toEqual(['bundle.l10n.zh-cn.json']);
    for (const name of languages) {
      const bundle = read(`l10n/${name}`);
      expect(
        wanted.filter((text) => !(text in bundle)),
        name,
      ).toEqual([]);
      const ofCore = new Set(SENTENCES);
      for (const [english, text] of Object.entries(bundle)) {
        // Singular and plural stand in a place of a sentence of core, and other languages may need no word there.
        if (ofCore.has(english))
          expect(places(english), english).toEqual(expect.arrayContaining(places(text)));
        else expect(places(text), english).toEqual(places(english));
        expect(text.trim(), english).not.toBe('');
      }
    }
  });

  it('of package.json are all translated, with the same commands behind their links', () => {
    const english = read('package.nls.json');
    const chinese = read('package.nls.zh-cn.json');
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    const links = (text: string) => [...text.matchAll(/\(command:[\w.]+\)/g)].map(([link]) => link);
    for (const [key, text] of Object.entries(english)) expect(links(chinese[key]), key).toEqual(links(text));
  });
});

describe('a text', () => {
  it('is shown in the language of the bundle, with its values', () => {
    try {
      setMessages(read('l10n/bundle.l10n.zh-cn.json'));
      expect(runState(summary({ status: 'interrupted', fits: { done: 1, total: 2 } }))).toBe(
        '在 50 % 处中断',
      );
      expect(t('nobody translated {0}', 'this')).toBe('nobody translated this');
    } finally {
      setMessages(undefined);
    }
    expect(t('{0} of {1}', 1, 2)).toBe('1 of 2');
  });
});
