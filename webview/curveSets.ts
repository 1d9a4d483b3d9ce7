import type { CurveSource, CurvesPart, SourcedCurve, SourcedDistribution } from '../src/protocol/parts';
import type { RunSummary } from '../src/protocol/runs';
import { startedAt } from '../src/protocol/words';
import { steadyColors } from './plot/palette';

/** Curves of one model of one run, as they are told from those of others in the same plot. */
export interface CurveSet {
  readonly key: string;
  /** Empty where there is one set only. */
  readonly label: string;
  /** Undefined where there is one set only: its lines are told apart by what they are of. */
  readonly color?: number;
  readonly curves: readonly SourcedCurve[];
  readonly distributions: readonly SourcedDistribution[];
}

/** A set a model, the one that is looked at first. A run has its colour whatever others are beside it. */
export function setsOf(part: CurvesPart, runs: readonly RunSummary[]): readonly CurveSet[] {
  const sources: readonly CurveSource[] = [{ run: part.run, model: part.model }, ...part.beside];
  const isOf = (source: CurveSource) => (one: CurveSource) =>
    one.run === source.run && one.model === source.model;
  const several = sources.length > 1;
  const colors = several ? colorsOf(sources, runs) : new Map<string, number>();
  const otherRuns = new Set(sources.map(({ run }) => run)).size > 1;
  const otherModels = new Set(sources.map(({ model }) => model)).size > 1;
  return sources.map((source) => {
    const key = sourceKey(source);
    const color = colors.get(key);
    const words = [...(otherModels ? [source.model] : []), ...(otherRuns ? [runName(source.run, runs)] : [])];
    return {
      key,
      label: several ? words.join(', ') : '',
      ...(color !== undefined && { color }),
      curves: part.curves.filter(isOf(source)),
      distributions: part.distributions.filter(isOf(source)),
    };
  });
}

export function sourceKey({ run, model }: CurveSource): string {
  return JSON.stringify([run, model]);
}

/** What one calls a run, else when it began. */
export function runName(run: string, runs: readonly RunSummary[]): string {
  const known = runs.find((one) => one.run === run);
  return known ? (known.marks?.name ?? `${startedAt(known.started)} ${run.slice(-6)}`) : run;
}

/** By the run, among all runs that there are; where a run has several models here, by run and model. */
function colorsOf(sources: readonly CurveSource[], runs: readonly RunSummary[]): ReadonlyMap<string, number> {
  const oneEach = new Set(sources.map(({ run }) => run)).size === sources.length;
  if (!oneEach) return steadyColors(sources.map(sourceKey).sort());
  const shown = new Set(sources.map(({ run }) => run));
  const byRun = steadyColors([...new Set([...runs.map(({ run }) => run), ...shown])].sort());
  const own = [...shown].map((run) => byRun.get(run) ?? 0);
  // More runs than colours: those shown are told apart, if need be by another colour.
  const colors = new Set(own).size === own.length ? byRun : steadyColors([...shown].sort());
  return new Map(sources.map((source) => [sourceKey(source), colors.get(source.run) ?? 0]));
}
