import type uPlot from 'uplot';
import type { PlotTheme } from './plotTheme';

const isRound = (tick: number): boolean => Number(tick.toPrecision(2)) === Number(tick.toPrecision(9));

/** Settings of an axis: ticks in four digits at most, a faint grid, the label beside them. */
export function axis({ ink, grid, font }: PlotTheme, label: string, which: 'x' | 'y'): uPlot.Axis {
  const lines = { stroke: grid, width: 1 };
  const common = {
    stroke: ink,
    grid: lines,
    ticks: lines,
    font,
    label,
    labelFont: font,
    labelSize: 20,
    labelGap: 2,
  };
  const values = (_: uPlot, ticks: readonly (number | null)[]) =>
    ticks.map((tick) => (tick === null ? '' : String(Number(tick.toPrecision(4)))));
  // A log axis of less than a decade has no power of ten to name: its round ticks are named then.
  const filter: uPlot.Axis.Filter = (plot, ticks) => {
    const { min = 1, max = 1, distr } = plot.scales[which];
    if (distr !== 3) return ticks;
    if (max / min < 10) return ticks.map((tick) => (isRound(tick) ? tick : null));
    return ticks.map((tick) => (Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6) ? tick : null));
  };
  return which === 'x'
    ? { ...common, size: 26, space: 60, values, filter }
    : { ...common, size: 50, values, filter };
}
