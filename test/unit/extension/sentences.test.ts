import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { setMessages, t } from '../../../src/protocol/l10n';
import { SENTENCES } from '../../../src/protocol/sentence-templates';
import { knowSentences, sentence } from '../../../src/protocol/sentences';
import { literals } from '../../tools/literals.mjs';
import { sources } from '../../tools/messages.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const chinese: Record<string, string> = JSON.parse(
  readFileSync(join(root, 'l10n', 'bundle.l10n.zh-cn.json'), 'utf8'),
);

function inChinese(test: () => void): void {
  try {
    setMessages(chinese);
    knowSentences(SENTENCES);
    test();
  } finally {
    setMessages(undefined);
  }
}

/** Rooms whose sentences people read in the editor. */
const READ = ['src/core/experiment', 'src/core/dataset', 'src/core/sweep', 'src/core/learner', 'src/io'];

/** Rooms whose errors people read: a run fails with them, or it cannot be read. What a library of ours throws of misuse is none. */
const THROW = ['src/core/learner', 'src/jobs', 'src/store'];
const ERRORS =
  /new (?:Data|Job|KernelThread|Linear|Shrunk|Store|TensorBackend|Trial)Error\(\s*(?:'[\w-]+',\s*)?$/;
/** Predictions of new tables are made by the command line only. */
const NOT_THROWN = /jobs\/predict\//;

/** Names of trials, and what only a defect of ours could say. */
const NOT_READ = [
  / outer | of repeat |fold \{|chain \{|search \{| part | model of fold|pairs fold|pairs of tasks|members of folds/,
  /^(Taskweave experiment|the run has no plan that ends in a report|a code has no category)$/,
  /is not a plain file$|^There |^An? (?!monotone)|must be|^The |^Member|^(write|Choose) one of \{0\}\{1\}$/,
];

/** Texts of a file that read as sentences. */
function sentencesIn(path: string): readonly string[] {
  const source = readFileSync(join(root, path), 'utf8');
  return literals(source).flatMap(({ at, text }) => {
    const before = source.slice(Math.max(0, at - 400), at).replace(/'[^'\n]*'/g, '');
    // A description in several pieces is one of the schema's, which have a test of their own.
    const isOther = /describe\([^()]*$|RangeError\(\s*$|TypeError\(\s*$|from $|import $/.test(before);
    const reads = /[a-z]{2,} [a-z`"{]/.test(text) && !/^\s*</.test(text);
    return reads && !isOther && !NOT_READ.some((pattern) => pattern.test(text)) ? [text] : [];
  });
}

describe('sentences that the engine makes', () => {
  it('are written in the engine as the catalogue has them', () => {
    const rooms = ['src/core', 'src/io', 'src/jobs', 'src/store', 'src/cli'];
    const engine = rooms
      .map((room) => sources(root, room))
      .join('\n')
      .replaceAll('\\`', '`')
      .replaceAll("\\'", "'");
    // Some are put together of pieces there: of those the words are looked for.
    const isThere = (text: string) =>
      text
        .split(/\{\d+\}/)
        .every(
          (part) => engine.includes(part.trim()) || part.split(' ').every((word) => engine.includes(word)),
        );
    expect(SENTENCES.filter((text) => !isThere(text))).toEqual([]);
  });

  it('are all in the catalogue, where people read them in the editor', () => {
    const catalogue = SENTENCES.join('\n');
    const files = READ.flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !/templates|report|schema/.test(name))
        .map((name) => `${room}/${name}`)
        .filter((path) => !path.startsWith('src/core/learner') || /check|parameters/.test(path)),
    );
    const isCatalogued = (text: string) =>
      text.split(/\{\d*\}/).every((part) => catalogue.includes(part.trim()));
    const forgotten = files.flatMap((path) =>
      sentencesIn(path)
        .filter((text) => !isCatalogued(text))
        .map((text) => `${path}: ${text}`),
    );
    expect(forgotten).toEqual([]);
  });

  it('are all in the catalogue, where a run may fail with them', () => {
    const catalogue = SENTENCES.join('\n');
    const files = THROW.flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .map((name) => `${room}/${name}`)
        .filter((path) => path.endsWith('.ts') && !NOT_THROWN.test(path)),
    );
    const thrown = files.flatMap((path) => {
      const source = readFileSync(join(root, path), 'utf8');
      return literals(source)
        .filter(({ at, text }) => text.includes(' ') && ERRORS.test(source.slice(Math.max(0, at - 80), at)))
        .map(({ text }) => ({ path, text }));
    });
    expect(thrown.length).toBeGreaterThan(30);
    const isCatalogued = (text: string) =>
      text.split(/\{\d*\}/).every((part) => catalogue.includes(part.trim()));
    expect(thrown.filter(({ text }) => !isCatalogued(text))).toEqual([]);
  });

  it('are each known again by their own template, and no other', () => {
    inChinese(() => {
      for (const template of SENTENCES) {
        const values = [...template.matchAll(/\{(\d+)\}/g)].map(([, place]) => `X${place}`);
        const english = template.replace(/\{(\d+)\}/g, (_, place) => `X${place}`);
        // Too little of its own to be told by, or a place that may be empty beside another.
        if (template.replace(/\{\d+\}/g, '').length < 8 || template.includes('}{')) continue;
        expect(sentence(english), template).toBe(t(template, ...values));
      }
    });
  });

  it('are said in another language with their names and numbers, also one in another', () => {
    const verdict = 'helped +0.021 AUC [+0.008, +0.034]';
    inChinese(() => {
      expect(sentence(verdict)).toBe('有帮助 +0.021 AUC [+0.008, +0.034]');
      expect(
        sentence(
          `Over all tasks, sharing helped net: ${verdict}; it cost 1.0 CPU seconds, 0.9 times those of x.`,
        ),
      ).toBe(
        '就所有任务而言，共享帮助了 net：有帮助 +0.021 AUC [+0.008, +0.034]；代价为 1.0 CPU 秒，是 x 的 0.9 倍。',
      );
      const { diagnostics } = parseExperiment(
        'data: { sorce: a.csv }\ntasks: { y: { target: y } }\nmodels: 3\n',
      );
      expect(diagnostics.length).toBeGreaterThan(1);
      for (const { message, remedy = '' } of diagnostics)
        for (const text of [message, remedy]) expect(sentence(text), text).toMatch(/^$|[一-龥]/);
      expect(sentence('nobody knows this')).toBe('nobody knows this');
    });
    expect(sentence(verdict)).toBe(verdict);
  });

  it('are known behind a place or the name of a trial, and one after another', () => {
    inChinese(() => {
      expect(
        sentence(
          "a, b.csv, line 3, column 'x': a number is infinite, or too large for double precision. Correct it, or list its text under `data.missing`.",
        ),
      ).toBe(
        'a, b.csv, 第 3 行, 列“x”：有一个数是无穷大，或超出双精度。改正它，或把它的文本列入 `data.missing`。',
      );
      expect(sentence('net fold 2: The worker process ran out of memory.')).toBe(
        'net 第 2 折：工作进程内存不足。',
      );
      expect(sentence('3 trials failed. First: net fold 2: nobody knows this')).toMatch(/^3 项试验 失败/);
      expect(sentence('x: nobody knows. This neither.')).toBe('x: nobody knows. This neither.');
    });
  });
});
