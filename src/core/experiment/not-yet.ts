import type { Path } from './document';

interface NotYet {
  readonly what: string;
  readonly instead: string;
}

const take = (what: string, instead: string): NotYet => ({ what, instead });

const SWEEP: Readonly<Record<string, NotYet>> = {
  search: take('only grids are searched for now', 'take the key out; `over: { lambda: … }` gives the grid'),
  budget: take('a budget is not supported yet', 'take the key out; set the number of `points` of the grid'),
  select: take('one λ a task is not supported yet for a joint model', 'take the key out'),
};

/** Values of the design that are still to come, by the key they stand at, and what can be written now. */
const VALUES: Readonly<Record<string, { readonly later: readonly string[]; readonly now: string }>> = {
  combine: { later: ['bagging'], now: '`combine: mean, refit: false`, the mean of the models of the folds' },
  kind: { later: ['command'], now: 'linear, forest, extra-trees, boosting or neural' },
  architecture: { later: ['cgc'], now: 'ple, which is CGC with one hidden layer' },
};

/**
 * What the design names and this version does not do: said so, where silence would mislead.
 * `word` is an unknown key of `path`, or the unknown value at `path`.
 */
export function notYetSupported(path: Path, word: string): NotYet | undefined {
  const [section, , key] = path;
  if (section === 'sweeps' && path.length === 2) return own(SWEEP, word);
  if (section === 'sweeps' && key === 'over' && path.length === 3) {
    return take('only λ is swept for now', 'write `over: { lambda: … }`');
  }
  if ((section !== 'models' && section !== 'ensembles') || typeof key !== 'string') return undefined;
  const values = own(VALUES, key);
  if (values === undefined || !values.later.includes(word.toLowerCase().replaceAll('_', '-')))
    return undefined;
  return take(`"${word}" is not supported yet`, `write ${values.now}`);
}

function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
