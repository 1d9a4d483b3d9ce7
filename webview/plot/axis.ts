import type uPlot from 'uplot';
import type { PlotTheme } from './plotTheme';

/** Pixels for ticks of the y axis: as for four digits, and more where they are longer (a learning rate of 0.00205). */
function roomFor(ticks: readonly (string | null)[] | null): number {
  return Math.max(50, 14 + 6.6 * Math.max(0, ...(ticks ?? []).map((tick) => tick?.length ?? 0)));
}

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
    : { ...common, size: (_, ticks) => roomFor(ticks), values, filter };
}
