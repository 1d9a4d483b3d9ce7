import { t } from '../src/protocol/l10n';
import type { EnsembleDetail } from '../src/protocol/leaderboard';
import { rowName } from '../src/protocol/names';
import { score } from '../src/protocol/words';
import { steadyColors } from './plot/palette';
import type { PlotSpec } from './plot/spec';

type Bags = NonNullable<EnsembleDetail['selections']>[string];

/** Loss after each step of greedy selection, a line a bag; the step it was cut at is where the loss is least. */
export function greedyPlot(bags: Bags, members: readonly string[], task: string): PlotSpec {
  const colors = steadyColors(bags.map((_, b) => `bag ${b + 1}`));
  const [first] = bags;
  const added = first ? [...first.start, ...first.added].slice(0, first.start.length + first.kept) : [];
  return {
    key: `greedy ${task}`,
    title: t('Greedy selection for {0}', task),
    xLabel: t('models added'),
    yLabel: t('out-of-fold loss'),
    series: bags.map(({ losses, kept }, b) => {
      const label = bags.length === 1 ? t('cut after {0}', kept) : t('bag {0}, cut after {1}', b + 1, kept);
      return {
        key: `bag ${b + 1}`,
        label,
        color: colors.get(`bag ${b + 1}`) ?? 0,
        thick: bags.length === 1,
        x: losses.map((_, i) => i),
        y: losses,
      };
    }),
    summary: t(
      'Greedy selection for {0}: {1}; loss from {2} to {3}',
      task,
      added.map((m) => rowName(members[m] ?? String(m))).join(', '),
      score(first?.losses[0] ?? null),
      score(first ? Math.min(...first.losses) : null),
    ),
  };
}
