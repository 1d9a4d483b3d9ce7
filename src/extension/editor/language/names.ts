import type { Path } from '../../../core/experiment';

/** What a value of the file names: a column of the data, a base model, a task, a file. */
export type Named = 'column' | 'model' | 'task' | 'file';

const COLUMN_KEYS = ['task', 'features', 'exclude', 'group', 'time', 'weight', 'split', 'column'];

/** What the value at `path` names; undefined where it names nothing of the kind. */
export function namedAt(path: Path): Named | undefined {
  const keys = path.filter((step) => typeof step === 'string');
  const [section, ...rest] = keys;
  const last = rest.at(-1);
  if (section === 'data') {
    if (last === 'source') return 'file';
    return last !== undefined && COLUMN_KEYS.includes(last) ? 'column' : undefined;
  }
  if (section === 'tasks') {
    if (rest.length === 1 || last === 'target') return 'column';
    return last === 'source' ? 'file' : undefined;
  }
  if (section === 'sweeps' && rest.length === 2 && last === 'model') return 'model';
  if (section === 'ensembles' && last === 'of') return 'model';
  return section === 'ensembles' && last === 'order' ? 'task' : undefined;
}
