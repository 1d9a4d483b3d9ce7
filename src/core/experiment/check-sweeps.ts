import { families } from '../learner/families';
import { gridOf } from '../sweep/search';
import type { Path, SourceDocument } from './document';
import type { Diagnostic, Dimension, Experiment, ModelSpec, SweepSpec } from './experiment';
import { type Explanation, pointAt } from './explain';
import { nearest } from './nearest';
import { parameterSchema } from './resolve';
import { valueAt } from './schema-walk';

/** More combinations than this are not tried one by one for parameters that do not go together. */
const MOST_COMBINATIONS = 500;

/** Mistakes in what a sweep varies and how: hyperparameters the model has not, values they cannot have. */
export function checkSweep(
  document: SourceDocument,
  { data }: Experiment,
  sweep: SweepSpec,
  model: ModelSpec,
): Diagnostic[] {
  const path = ['sweeps', sweep.name];
  const dimensions = Object.entries(sweep.over ?? {});
  const values = dimensions.flatMap(([name, one]) =>
    checkDimension(document, [...path, 'over', name], model, name, one),
  );
  const own = values.length > 0 ? [] : checkTogether(document, [...path, 'over'], sweep, model);
  const by = data.scheme?.by;
  const isCounted = by !== 'column' && by !== 'hold-out';
  return [
    ...values,
    ...own,
    ...(sweep.lambda === undefined && dimensions.length === 0
      ? [
          pointAt(document, [...path, 'over'], 'key', {
            code: 'missing-key',
            message: `the sweep "${sweep.name}" varies nothing`,
            remedy: `write \`lambda\`, or a hyperparameter of ${model.name}, under \`over\``,
          }),
        ]
      : []),
    ...(sweep.folds !== undefined && !isCounted
      ? [
          pointAt(document, [...path, 'folds'], 'key', {
            severity: 'warning',
            code: 'ignored-key',
            message: `\`folds\` has no effect: \`data.folds\` cuts them by ${by}`,
            remedy: 'take it out',
          }),
        ]
      : []),
    ...checkSearch(document, path, sweep, model),
  ];
}

function checkDimension(
  document: SourceDocument,
  path: Path,
  model: ModelSpec,
  name: string,
  values: Dimension,
): Diagnostic[] {
  const schema = parameterSchema(model.kind, name);
  if (schema === undefined) return [unknownParameter(document, path, model, name)];
  const wrong = (value: unknown): Explanation => ({
    code: 'wrong-value',
    message: `${name} of ${model.name} (${model.kind}) cannot be ${JSON.stringify(value)}`,
    remedy: schema.description,
  });
  if (values.kind === 'list') {
    return values.values.flatMap((value, index) =>
      schema.safeParse(value).success ? [] : [pointAt(document, [...path, index], 'value', wrong(value))],
    );
  }
  if (values.scale === 'log' && !(values.from > 0 && values.to > 0)) {
    const end = values.from > 0 ? 'to' : 'from';
    return [
      pointAt(document, [...path, end], 'value', {
        code: 'out-of-range',
        message: `a range on a log scale cannot reach ${values[end]}`,
        remedy: 'write a number greater than 0, or `scale: linear`',
      }),
    ];
  }
  return (['from', 'to'] as const).flatMap((end) =>
    schema.safeParse(values[end]).success
      ? []
      : [pointAt(document, [...path, end], 'value', wrong(values[end]))],
  );
}

function unknownParameter(document: SourceDocument, path: Path, model: ModelSpec, name: string): Diagnostic {
  const known = Object.keys(families[model.kind]?.parameters.shape ?? {});
  const { lambda } = families[model.kind].capabilities(model.parameters);
  const names = lambda ? ['lambda', ...known] : known;
  const meant = nearest(name, names);
  return pointAt(document, path, 'key', {
    code: 'unknown-key',
    message: `${model.name} (${model.kind}) has no hyperparameter "${name}"`,
    remedy: meant === undefined ? `its hyperparameters are ${names.join(', ')}` : `write "${meant}"`,
    replacement: meant,
  });
}

/** Values that their schemas allow one by one, in combinations that a fit would refuse. */
function checkTogether(
  document: SourceDocument,
  path: Path,
  sweep: SweepSpec,
  model: ModelSpec,
): Diagnostic[] {
  const { mistakes } = families[model.kind];
  const dimensions = Object.entries(sweep.over ?? {}).flatMap(([name, values]) =>
    values.kind === 'list' ? [{ name, values }] : [],
  );
  if (mistakes === undefined || dimensions.length === 0) return [];
  for (const point of gridOf({ dimensions }).slice(0, MOST_COMBINATIONS)) {
    const [mistake] = mistakes({ ...model.parameters, ...point }).filter(
      ({ severity }) => severity === 'error',
    );
    if (mistake === undefined) continue;
    return [
      pointAt(document, path, 'key', {
        code: 'conflicting-keys',
        message: `a combination that cannot be fitted (${JSON.stringify(point)}): ${mistake.message}`,
        remedy: mistake.remedy,
      }),
    ];
  }
  return [];
}

function checkSearch(document: SourceDocument, path: Path, sweep: SweepSpec, model: ModelSpec): Diagnostic[] {
  const { search, budget } = sweep;
  const found: Diagnostic[] = [];
  if (search === undefined && budget?.configurations !== undefined) {
    found.push(
      pointAt(document, [...path, 'budget', 'configurations'], 'key', {
        severity: 'warning',
        code: 'ignored-key',
        message: '`configurations` has no effect: a grid tries all of its points',
        remedy: 'take it out, or write `search: random`, `quasi-random`, `halving` or `bayesian`',
      }),
    );
  }
  if (search?.method !== 'halving' || search.resource === 'folds') return found;
  const value = model.parameters[search.resource];
  const isSwept = Object.hasOwn(sweep.over ?? {}, search.resource);
  if (!isSwept && typeof value === 'number' && Number.isInteger(value) && value >= 1) return found;
  const own = [...path, 'search', 'resource'];
  const place = valueAt(document.raw, own) === undefined ? [...path, 'search'] : own;
  found.push(
    pointAt(document, place, 'value', {
      code: 'wrong-value',
      message: isSwept
        ? `"${search.resource}" is swept, and cannot be what halving gives more of as well`
        : `"${search.resource}" is no whole number of ${model.name} that halving could give more of`,
      remedy: 'write "folds", or a hyperparameter such as epochs, trees or rounds',
      replacement: 'folds',
    }),
  );
  return found;
}
