import type { Path } from './document';

interface NotYet {
  readonly what: string;
  readonly instead: string;
}

const take = (what: string, instead: string): NotYet => ({ what, instead });

const DATA: Readonly<Record<string, NotYet>> = {
  group: take(
    'keeping groups of rows together is not supported yet',
    'take the key out, and name the column under `exclude`; scores are optimistic where rows of a group are alike',
  ),
  time: take(
    'splitting in time order is not supported yet',
    'take the key out, or mark later rows as test in a column and name it under `split`',
  ),
};

const SWEEP: Readonly<Record<string, NotYet>> = {
  search: take('only grids are searched for now', 'take the key out; `over: { lambda: … }` gives the grid'),
  budget: take('a budget is not supported yet', 'take the key out; set the number of `points` of the grid'),
  select: take('one λ a task is not supported yet for a joint model', 'take the key out'),
};

const COMBINERS = new Set(['median', 'vote', 'greedy', 'stacking', 'chains', 'bagging']);
const KINDS = new Set(['boosting', 'command']);

/**
 * What the design names and this version does not do: said so, where silence would mislead.
 * `word` is an unknown key of `path`, or the unknown value at `path`.
 */
export function notYetSupported(path: Path, word: string): NotYet | undefined {
  const [section, , key] = path;
  if (section === 'data' && path.length === 1) return own(DATA, word);
  if (section === 'sweeps' && path.length === 2) return own(SWEEP, word);
  if (section === 'sweeps' && key === 'over' && path.length === 3) {
    return take('only λ is swept for now', 'write `over: { lambda: … }`');
  }
  if (section === 'ensembles' && key === 'combine' && COMBINERS.has(word)) {
    return take(`the combiner "${word}" is not supported yet`, 'write mean or weighted');
  }
  if (section === 'models' && key === 'kind' && KINDS.has(word)) {
    return take(`the learner "${word}" is not supported yet`, 'write linear, forest or neural');
  }
  return undefined;
}

function own(table: Readonly<Record<string, NotYet>>, word: string): NotYet | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
