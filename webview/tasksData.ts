import { t } from '../src/protocol/l10n';
import type { Relatedness } from '../src/protocol/leaderboard';
import { rowName } from '../src/protocol/names';
import type { HeatMap } from './heatMapData';

const KINDS: Readonly<
  Record<Relatedness['matrices'][number]['kind'], { readonly title: string; readonly of: string }>
> = {
  parameters: { title: t('Learned parameters of {0}'), of: t('correlation of learned parameters') },
  predictions: { title: t('Predictions of {0}'), of: t('correlation of out-of-fold predictions') },
  gain: {
    title: t('Gain from learning together of {0}'),
    of: t('gain of the task in the row from the one in the column'),
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
      title: t(KINDS[kind].title, rowName(of)),
      of: KINDS[kind].of,
      rows: names,
      columns: names,
      values: shown,
      full: kind === 'gain' ? largest : 1,
      breaks,
      ...(breaks.length > 0 && { note: t('{0} clusters', breaks.length + 1) }),
    };
  });
}
