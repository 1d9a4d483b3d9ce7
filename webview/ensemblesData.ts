import type { EnsembleDetail } from '../src/protocol/leaderboard';
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
    title: `Greedy selection for ${task}`,
    xLabel: 'models added',
    yLabel: 'out-of-fold loss',
    series: bags.map(({ losses, kept }, b) => {
      const label = bags.length === 1 ? `cut after ${kept}` : `bag ${b + 1}, cut after ${kept}`;
      return {
        key: `bag ${b + 1}`,
        label,
        color: colors.get(`bag ${b + 1}`) ?? 0,
        thick: bags.length === 1,
        x: losses.map((_, i) => i),
        y: losses,
      };
    }),
    summary: `Greedy selection for ${task}: ${added.map((m) => members[m] ?? String(m)).join(', ')}; loss from ${score(first?.losses[0] ?? null)} to ${score(first ? Math.min(...first.losses) : null)}`,
  };
}
