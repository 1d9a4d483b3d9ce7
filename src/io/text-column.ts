import type { CategoricalColumn } from '../core/dataset';

/** Pairs of words that make a column boolean, in any case; the false one first. */
const BOOLEAN_WORDS = [
  ['false', 'true'],
  ['no', 'yes'],
] as const;

/**
 * A column of texts, its dictionary sorted by code units so that it does not depend on the order of the rows. One
 * whose texts are all `true` and `false`, or all `yes` and `no`, in any case, is boolean.
 * @param texts distinct texts in order of `codes`
 * @param codes changed in place
 */
export function textColumn(name: string, texts: readonly string[], codes: Int32Array): CategoricalColumn {
  const words = booleanWords(texts);
  const categories = words?.categories ?? texts.toSorted();
  const places = new Map(categories.map((category, place) => [category, place]));
  const translated = texts.map((text) => words?.codeOf(text) ?? places.get(text) ?? -1);
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] >= 0) codes[row] = translated[codes[row]];
  }
  return { kind: words === undefined ? 'categorical' : 'boolean', name, codes, categories };
}

function booleanWords(texts: readonly string[]) {
  if (texts.length === 0 || texts.length > 6) return undefined;
  const lower = texts.map((text) => text.toLowerCase());
  for (const pair of BOOLEAN_WORDS) {
    if (!lower.every((text) => text === pair[0] || text === pair[1])) continue;
    // As the file spells them, when it spells them one way.
    const spell = SPELLINGS.find((spelling) => texts.every((text) => text === spelling(text.toLowerCase())));
    return {
      categories: pair.map(spell ?? ((word) => word)),
      codeOf: (text: string) => (text.toLowerCase() === pair[1] ? 1 : 0),
    };
  }
  return undefined;
}

const SPELLINGS: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word[0].toUpperCase() + word.slice(1),
  (word) => word.toUpperCase(),
];
