import type { Path } from './document';

interface NotYet {
  readonly what: string;
  readonly instead: string;
}

const take = (what: string, instead: string): NotYet => ({ what, instead });

/** Values of the design that are still to come, by the key they stand at, and what can be written now. */
const VALUES: Readonly<Record<string, { readonly later: readonly string[]; readonly now: string }>> = {
  combine: { later: ['bagging'], now: '`combine: mean, refit: false`, the mean of the models of the folds' },
  kind: { later: ['command'], now: 'linear, forest, extra-trees, boosting or neural' },
};

/**
 * What the design names and this version does not do: said so, where silence would mislead.
 * `word` is an unknown key of `path`, or the unknown value at `path`.
 */
export function notYetSupported(path: Path, word: string): NotYet | undefined {
  const [section, , key] = path;
  if ((section !== 'models' && section !== 'ensembles') || typeof key !== 'string') return undefined;
  const values = own(VALUES, key);
  if (values === undefined || !values.later.includes(word.toLowerCase().replaceAll('_', '-')))
    return undefined;
  return take(`"${word}" is not supported yet`, `write ${values.now}`);
}

function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
