import type { Relatedness } from '../src/protocol/leaderboard';
import type { HeatMap } from './heatMapData';

const KINDS: Readonly<
  Record<Relatedness['matrices'][number]['kind'], { readonly title: string; readonly of: string }>
> = {
  parameters: { title: 'Learned parameters', of: 'correlation of learned parameters' },
  predictions: { title: 'Predictions', of: 'correlation of out-of-fold predictions' },
  gain: {
    title: 'Gain from learning together',
    of: 'gain of the task in the row from the one in the column',
  },
};

/** Tasks in the order of their clusters, with lines between these. */
export function mapsOf(relatedness: Relatedness | undefined): readonly HeatMap[] {
  return (relatedness?.matrices ?? []).map(({ kind, of, values, order, clusters }) => {
    const names = order.map((t) => relatedness?.tasks[t] ?? '');
    const breaks = order.flatMap((t, i) => (i > 0 && clusters[t] !== clusters[order[i - 1]] ? [i] : []));
    const shown = order.map((r) =>
      order.map((c) => (r === c && kind === 'gain' ? null : (values[r]?.[c] ?? null))),
    );
    const largest = Math.max(0, ...shown.flat().map((value) => Math.abs(value ?? 0)));
    return {
      title: `${KINDS[kind].title} of ${of}`,
      of: KINDS[kind].of,
      rows: names,
      columns: names,
      values: shown,
      full: kind === 'gain' ? largest : 1,
      breaks,
      ...(breaks.length > 0 && { note: `${breaks.length + 1} clusters` }),
    };
  });
}
