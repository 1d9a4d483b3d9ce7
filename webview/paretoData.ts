import type { Leaderboard } from '../src/protocol/leaderboard';
import { count, score } from '../src/protocol/words';
import type { PlotSeries, PlotSpec } from './plot/spec';

const COLOR = { ensemble: 3, model: 0, baseline: 1 } as const;

/** Score against cost, a point a row of the leaderboard; those that no other beats in both are joined. */
export function paretoPlot({ rows }: Leaderboard): PlotSpec {
  const front = rows.filter(({ onFront }) => onFront === true).sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const points = rows.map(
    ({ name, role, cpuSeconds, mean }): PlotSeries => ({
      key: name,
      label: name,
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
            label: 'best for their cost',
            color: 'ink',
            dash: true,
            x: front.map(({ cpuSeconds }) => cpuSeconds),
            y: front.map(({ mean }) => mean),
          },
        ]
      : [];
  const told = front.map(
    ({ name, mean, cpuSeconds }) => `${name} ${score(mean)} for ${score(cpuSeconds, 1)} s`,
  );
  return {
    key: 'pareto',
    title: 'Score against cost',
    xLabel: 'CPU seconds, tuning included',
    yLabel: 'mean skill',
    logX: rows.every(({ cpuSeconds }) => cpuSeconds > 0),
    series: [...line, ...points],
    summary: `Mean skill against CPU seconds of ${count(rows.length, 'model')}; best for their cost: ${told.join(', ') || 'not known'}`,
  };
}
