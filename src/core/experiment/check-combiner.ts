import type { SourceDocument } from './document';
import type { Diagnostic, EnsembleSpec, Experiment } from './experiment';
import { pointAt } from './explain';
import { nearest } from './nearest';
import { valueAt } from './schema-walk';

/** What does not go together in an ensemble's entry: tasks that do not exist, keys without effect. */
export function checkCombiner(
  document: SourceDocument,
  ensemble: EnsembleSpec,
  experiment: Experiment,
): Diagnostic[] {
  const ignored = (key: string, why: string): Diagnostic =>
    pointAt(document, ['ensembles', ensemble.name, key], 'key', {
      severity: 'warning',
      code: 'ignored-key',
      message: `\`${key}\` has no effect: ${why}`,
      remedy: 'take it out',
    });
  const isWritten = (key: string): boolean =>
    valueAt(document.raw, ['ensembles', ensemble.name, key]) !== undefined;
  switch (ensemble.combine) {
    case 'greedy':
      return ensemble.bags === 1 && isWritten('bag_share')
        ? [ignored('bag_share', 'a single bag holds all members')]
        : [];
    case 'stacking':
      return ensemble.penalty !== 'elastic-net' && isWritten('l1_ratio')
        ? [ignored('l1_ratio', `the penalty is ${ensemble.penalty}`)]
        : [];
    case 'chains':
      return [
        ...checkOrder(document, ensemble.name, ensemble.order ?? [], experiment),
        ...(ensemble.order !== undefined && isWritten('chains')
          ? [ignored('chains', '`order` is the order of a single chain')]
          : []),
      ];
    default:
      return [];
  }
}

function checkOrder(
  document: SourceDocument,
  name: string,
  order: readonly string[],
  { data, tasks }: Experiment,
): Diagnostic[] {
  const known = tasks.map(({ id }) => id);
  return order.flatMap((task, index) => {
    const path = ['ensembles', name, 'order', index];
    if (order.indexOf(task) < index) {
      return [
        pointAt(document, path, 'value', {
          code: 'listed-twice',
          message: `${task} is already in the chain`,
          remedy: 'take it out',
        }),
      ];
    }
    // Tasks of long data are known from the data only.
    if (known.includes(task) || data.task !== undefined) return [];
    const meant = nearest(task, known);
    return [
      pointAt(document, path, 'value', {
        code: 'unknown-task',
        message: `there is no task "${task}"`,
        remedy: meant === undefined ? `write one of ${known.join(', ')}` : `write "${meant}"`,
        replacement: meant,
      }),
    ];
  });
}
