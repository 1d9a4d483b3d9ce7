import { t } from '../src/protocol/l10n';
import type { Leaderboard } from '../src/protocol/leaderboard';
import { rowName } from '../src/protocol/names';
import { count, score } from '../src/protocol/words';
import type { PlotSeries, PlotSpec } from './plot/spec';

const ROLES = [
  { role: 'model', label: t('model') },
  { role: 'ensemble', label: t('ensemble') },
  { role: 'baseline', label: t('baseline') },
] as const;
const COLOR = { ensemble: 3, model: 0, baseline: 1 } as const;

/** Score against cost, a point a row of the leaderboard; those that no other beats in both are joined. */
export function paretoPlot({ rows }: Leaderboard): PlotSpec {
  const front = rows.filter(({ onFront }) => onFront === true).sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const points = rows.map(
    ({ name, role, cpuSeconds, mean }): PlotSeries => ({
      key: name,
      label: rowName(name),
      color: COLOR[role],
      points: true,
      x: [cpuSeconds],
      y: [mean],
    }),
  );
  const line: PlotSeries[] =
    front.length > 1
      ? [
          {
            key: 'front',
            label: t('best for their cost'),
            color: 'ink',
            dash: true,
            x: front.map(({ cpuSeconds }) => cpuSeconds),
            y: front.map(({ mean }) => mean),
          },
        ]
      : [];
  const told = front.map(({ name, mean, cpuSeconds }) =>
    t('{0} {1} for {2} s', rowName(name), score(mean), score(cpuSeconds, 1)),
  );
  return {
    key: 'pareto',
    title: t('Score against cost'),
    xLabel: t('CPU seconds, tuning included'),
    yLabel: t('mean skill'),
    logX: rows.every(({ cpuSeconds }) => cpuSeconds > 0),
    series: [...line, ...points],
    keys: [
      ...ROLES.filter(({ role }) => rows.some((row) => row.role === role)).map(({ role, label }) => ({
        label,
        color: COLOR[role],
      })),
      ...line.map(({ label, color }) => ({ label, color, dash: true })),
    ],
    summary: t(
      'Mean skill against CPU seconds of {0}; best for their cost: {1}',
      count(rows.length, 'model'),
      told.join(', ') || t('not known'),
    ),
  };
}
