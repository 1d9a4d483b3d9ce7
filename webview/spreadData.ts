import type { Distribution } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { count, score } from '../src/protocol/words';
import type { CurveSet } from './curveSets';
import { COLOR, thinnedNote } from './curvesData';
import type { PlotBand, PlotSpec } from './plot/spec';

/** The spread over tasks as bands around the median, for training and held-out loss; of models beside it the medians. */
export function distributionPlot(sets: readonly CurveSet[]): PlotSpec | undefined {
  const shown = sets.flatMap((set) =>
    set.distributions.filter(({ steps }) => steps.length > 0).map((one) => ({ set, one })),
  );
  const first = shown.filter(({ set }) => set === sets[0]);
  if (shown.length === 0) return undefined;
  const bands = first.flatMap(({ set, one }) => bandsOf(one, colorOfSpread(set, one)));
  const drawn = shown.reduce((sum, { one }) => sum + one.steps.length, 0);
  const total = shown.reduce((sum, { one }) => sum + one.total, 0);
  const notes = [
    ...(bands.length > 0 && shown.length > first.length
      ? [t('bands of {0} alone, medians of the others', sets[0].label)]
      : []),
    ...(drawn < total ? [thinnedNote(drawn, total)] : []),
  ];
  return {
    key: 'distribution',
    title: t('Loss over {0}', count(shown[0].one.tasks, 'task')),
    xLabel: t('step'),
    yLabel: t('loss'),
    bands,
    keys: bands.map(({ label, color }, i) => ({ label, color, opacity: depth(bands, i) })),
    series: shown.map(({ set, one }) => {
      const heldOut = one.quantity === 'validationLoss';
      const words = heldOut ? t('held out, median task') : t('median task');
      return {
        key: `median ${one.quantity} ${set.key}`,
        label: [set.label, words].filter(Boolean).join(' · '),
        color: colorOfSpread(set, one),
        dash: heldOut,
        thick: true,
        x: one.steps,
        y: valuesAt(one, 0.5),
      };
    }),
    ...(notes.length > 0 && { note: notes.join(' · ') }),
    summary: shown.map(({ one }) => spreadWords(one)).join('; '),
  };
}

/** A band lies over the wider ones of its colour: how deep it looks, times what the eye needs in a small square. */
function depth(bands: readonly PlotBand[], at: number): number {
  const under = bands.slice(0, at + 1).filter(({ color }) => color === bands[at].color);
  return Math.min(1, 1.5 * under.reduce((sum, { opacity }) => sum + opacity, 0));
}

function colorOfSpread(set: CurveSet, { quantity }: Distribution): number {
  return set.color ?? (quantity === 'validationLoss' ? COLOR['held-out'] : COLOR.training);
}

function bandsOf(one: Distribution, color: number): readonly PlotBand[] {
  const band = (
    label: string,
    opacity: number,
    low: readonly number[],
    high: readonly number[],
  ): PlotBand => ({
    key: `${one.quantity} ${label}`,
    label: one.quantity === 'validationLoss' ? t('held out, {0}', label) : label,
    color,
    opacity,
    x: one.steps,
    low,
    high,
  });
  return [
    band(t('all tasks'), 0.1, one.low, one.high),
    band(t('80 % of tasks'), 0.14, valuesAt(one, 0.1), valuesAt(one, 0.9)),
    band(t('half of tasks'), 0.2, valuesAt(one, 0.25), valuesAt(one, 0.75)),
  ];
}

function valuesAt({ quantiles }: Distribution, wanted: number): readonly number[] {
  return quantiles.find(({ q }) => q === wanted)?.values ?? [];
}

function spreadWords(one: Distribution): string {
  const last = (values: readonly number[]) => score(values.at(-1) ?? null);
  const name =
    one.quantity === 'validationLoss'
      ? t('Held-out loss of {0}', count(one.tasks, 'task'))
      : t('Training loss of {0}', count(one.tasks, 'task'));
  return t(
    '{0}: median {1} at the end, half of the tasks between {2} and {3}, all between {4} and {5}',
    name,
    last(valuesAt(one, 0.5)),
    last(valuesAt(one, 0.25)),
    last(valuesAt(one, 0.75)),
    last(one.low),
    last(one.high),
  );
}
