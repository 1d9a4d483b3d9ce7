import type { LambdaPath } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { featureName } from '../src/protocol/names';
import { count, lambda, score } from '../src/protocol/words';
import type { PathDrawing } from './pathData';
import { steadyColors } from './plot/palette';
import type { PlotSpec } from './plot/spec';

/** Means with their standard errors against λ, to be saved. */
export function pathPlot({ points, metric, summary }: PathDrawing): PlotSpec {
  const lambdas = points.map((point) => point.lambda);
  const shift = (sign: number) => points.map(({ mean, standardError }) => mean + sign * standardError);
  return {
    key: 'path',
    title: t('{0} against λ', metric),
    xLabel: 'λ',
    yLabel: metric,
    logX: lambdas.every((value) => value > 0),
    bands: [
      {
        key: 'se',
        label: t('one standard error'),
        color: 0,
        opacity: 0.2,
        x: lambdas,
        low: shift(-1),
        high: shift(1),
      },
    ],
    series: [
      { key: 'mean', label: metric, color: 0, thick: true, x: lambdas, y: points.map(({ mean }) => mean) },
    ],
    summary,
  };
}

/** Features that the joint model uses against λ, mean over folds; undefined where no model says. */
export function featuresPlot(paths: readonly LambdaPath[]): PlotSpec | undefined {
  const points = (paths.find(({ scope }) => scope === 'joint')?.points ?? []).flatMap(
    ({ lambda, activeFeatures }) =>
      lambda === null || activeFeatures === null ? [] : [{ lambda, activeFeatures }],
  );
  if (points.length < 2) return undefined;
  points.sort((a, b) => a.lambda - b.lambda);
  const [first] = points;
  const last = points[points.length - 1];
  const words = (point: typeof first) =>
    t('{0} at λ {1}', score(point.activeFeatures, 1), lambda(point.lambda));
  return {
    key: 'features',
    title: t('Features that tasks share'),
    xLabel: 'λ',
    yLabel: t('features, mean over folds'),
    logX: first.lambda > 0,
    series: [
      {
        key: 'features',
        label: t('features in use'),
        color: 2,
        thick: true,
        x: points.map((point) => point.lambda),
        y: points.map((point) => point.activeFeatures),
      },
    ],
    summary: t('Features in use: {0}, {1}', words(first), words(last)),
  };
}

/** Weights of the strongest features against λ, on the first fold; undefined where the model has none. */
export function coefficientsPlot(paths: readonly LambdaPath[]): PlotSpec | undefined {
  const coefficients = paths.find(({ scope }) => scope === 'joint')?.coefficients;
  if (!coefficients || coefficients.features.length === 0) return undefined;
  const { features, total, lambdas, strengths } = coefficients;
  const order = lambdas.map((_, i) => i).sort((a, b) => lambdas[a] - lambdas[b]);
  const colors = steadyColors(features);
  return {
    key: 'coefficients',
    title: t('Weights of features'),
    xLabel: 'λ',
    yLabel: t('norm over tasks, fold 1'),
    logX: lambdas.every((value) => value > 0),
    series: features.map((name, f) => ({
      key: name,
      label: featureName(name),
      color: colors.get(name) ?? 0,
      x: order.map((i) => lambdas[i]),
      y: order.map((i) => strengths[f][i]),
    })),
    ...(features.length < total && {
      note: t('{0} of {1}, the strongest', features.length, count(total, 'feature')),
    }),
    summary: t(
      'Norm over tasks of the weights of {0} of {1} against λ, the strongest {2}',
      features.length,
      count(total, 'feature'),
      featureName(features[0]),
    ),
  };
}
