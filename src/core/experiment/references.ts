import { checkCombiner } from './check-combiner';
import { checkParameters } from './check-parameters';
import { checkSweep } from './check-sweeps';
import type { Path, SourceDocument } from './document';
import type { Diagnostic, EnsembleSpec, Experiment, LambdaSpec } from './experiment';
import { pointAt } from './explain';
import { nearest } from './nearest';
import { valueAt } from './schema-walk';
import { checkSections } from './sections';
import { CONSTANT_MODEL } from './trial';

/** Names the leaderboard gives to rows of its own. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([CONSTANT_MODEL, 'mean/majority']);
const RESERVED_ENDING = / \((single-task|pooled)\)$/;

/** Mistakes that no part of the file shows on its own: names that point at each other, sections with nothing in them. */
export function checkReferences(document: SourceDocument, experiment: Experiment): Diagnostic[] {
  return [
    ...checkSections(document, experiment),
    ...checkNames(document, experiment),
    ...checkSweeps(document, experiment),
    ...checkEnsembles(document, experiment),
    ...checkRelatedness(document, experiment),
    ...experiment.models.flatMap((model) => [
      ...checkLambda(document, ['models', model.name, 'lambda'], model.lambda),
      ...checkParameters(document, model),
    ]),
  ];
}

function checkNames(document: SourceDocument, { models, ensembles }: Experiment): Diagnostic[] {
  const found: Diagnostic[] = [];
  const modelNames = new Set(models.map((model) => model.name));
  for (const [section, names] of [
    ['models', models.map((model) => model.name)],
    ['ensembles', ensembles.map((ensemble) => ensemble.name)],
  ] as const) {
    for (const name of names) {
      if (RESERVED_NAMES.has(name) || RESERVED_ENDING.test(name)) {
        found.push(
          pointAt(document, [section, name], 'key', {
            code: 'reserved-name',
            message: `the name "${name}" is taken by a baseline of every run`,
            remedy: 'give it another name',
          }),
        );
      } else if (section === 'ensembles' && modelNames.has(name)) {
        found.push(
          pointAt(document, [section, name], 'key', {
            code: 'name-taken',
            message: `"${name}" is already the name of a base model`,
            remedy: 'give the ensemble a name of its own: both are rows of one leaderboard',
          }),
        );
      }
    }
  }
  return found;
}

function checkRelatedness(document: SourceDocument, { relatedness, models }: Experiment): Diagnostic[] {
  if (relatedness === undefined || models.some(({ name }) => name === relatedness.model)) return [];
  return [unknownModel(document, ['relatedness', 'model'], relatedness.model) ?? []].flat();
}

function checkSweeps(document: SourceDocument, experiment: Experiment): Diagnostic[] {
  const { sweeps, models } = experiment;
  const found: Diagnostic[] = [];
  const sweptBy = new Map<string, string>();
  for (const sweep of sweeps) {
    const path = ['sweeps', sweep.name];
    found.push(...checkLambda(document, [...path, 'over', 'lambda'], sweep.lambda));
    const model = models.find((one) => one.name === sweep.model);
    if (model) found.push(...checkSweep(document, experiment, sweep, model));
    const earlier = sweptBy.get(sweep.model);
    if (model === undefined) {
      const unknown = unknownModel(document, [...path, 'model'], sweep.model);
      if (unknown !== undefined) found.push(unknown);
    } else if (earlier !== undefined) {
      found.push(
        pointAt(document, [...path, 'model'], 'value', {
          code: 'swept-twice',
          message: `${sweep.model} is already swept by "${earlier}"`,
          remedy: 'put all that varies into one sweep, or sweep a second model with the same parameters',
        }),
      );
    } else if (sweep.lambda !== undefined && model.lambda !== undefined && !isSingle(model.lambda)) {
      found.push(
        pointAt(document, ['models', model.name, 'lambda'], 'key', {
          severity: 'warning',
          code: 'ignored-key',
          message: `this grid has no effect: the sweep "${sweep.name}" gives the λ of ${model.name}`,
          remedy: 'take out one of the two',
        }),
      );
    }
    sweptBy.set(sweep.model, earlier ?? sweep.name);
  }
  return found;
}

function checkEnsembles(document: SourceDocument, experiment: Experiment): Diagnostic[] {
  const { ensembles, models } = experiment;
  const found: Diagnostic[] = [];
  const modelNames = new Set(models.map((model) => model.name));
  const ensembleNames = new Set(Object.keys(Object(valueAt(document.raw, ['ensembles']))));
  for (const ensemble of ensembles) {
    const path = ['ensembles', ensemble.name];
    const written = valueAt(document.raw, [...path, 'of']) !== undefined;
    for (const [index, member] of ensemble.of.entries()) {
      const own = [...path, 'of', index];
      if (member === ensemble.name && !modelNames.has(member)) {
        found.push(
          pointAt(document, own, 'value', {
            code: 'ensemble-of-itself',
            message: `the ensemble ${ensemble.name} cannot be a member of itself`,
            remedy: 'write names of base models',
          }),
        );
      } else if (ensembleNames.has(member) && !modelNames.has(member)) {
        found.push(
          pointAt(document, own, 'value', {
            code: 'ensemble-of-ensemble',
            message: `"${member}" is an ensemble; an ensemble combines base models`,
            remedy: `write the base models of ${member} instead`,
          }),
        );
      } else if (!modelNames.has(member)) {
        const unknown = unknownModel(document, own, member);
        if (unknown !== undefined) found.push(unknown);
      } else if (ensemble.of.indexOf(member) < index) {
        found.push(
          pointAt(document, own, 'value', {
            code: 'listed-twice',
            message: `${member} is already a member of ${ensemble.name}`,
            remedy: 'take it out',
          }),
        );
      }
    }
    found.push(...checkCombiner(document, ensemble, experiment));
    if (ensemble.of.length === 1 && isItsOneMember(ensemble)) {
      found.push(
        pointAt(document, written ? [...path, 'of'] : path, 'key', {
          severity: 'warning',
          code: 'ensemble-of-one',
          message: `${ensemble.name} combines one base model only, so it is that model`,
          remedy: 'add a second base model',
        }),
      );
    }
  }
  return found;
}

/** Whether an ensemble of one model predicts as that model does. */
function isItsOneMember({ combine, refit }: EnsembleSpec): boolean {
  return refit && combine !== 'stacking' && combine !== 'chains';
}

/** Undefined where the model is in the file but has a mistake of its own, which is reported there. */
function unknownModel(document: SourceDocument, path: Path, name: string): Diagnostic | undefined {
  const models = Object.keys(Object(valueAt(document.raw, ['models']))).filter(
    (one) => !RESERVED_NAMES.has(one),
  );
  if (models.includes(name)) return undefined;
  const meant = nearest(name, models);
  return pointAt(document, path, 'value', {
    code: 'unknown-model',
    message: `there is no base model "${name}"`,
    remedy:
      meant === undefined
        ? `write one of ${models.join(', ') || 'the names under models'}`
        : `write "${meant}"`,
    replacement: meant,
  });
}

function checkLambda(document: SourceDocument, path: Path, lambda: LambdaSpec | undefined): Diagnostic[] {
  if (lambda?.kind !== 'grid' || lambda.to === undefined) return [];
  if (lambda.from !== undefined && lambda.from <= lambda.to) {
    return [
      pointAt(document, [...path, 'to'], 'value', {
        code: 'out-of-range',
        message: `the grid goes from ${lambda.from} down to ${lambda.to}, which is not smaller`,
        remedy: 'write the largest λ as `from` and the smallest as `to`',
      }),
    ];
  }
  if (valueAt(document.raw, [...path, 'ratio']) === undefined) return [];
  return [
    pointAt(document, [...path, 'ratio'], 'key', {
      severity: 'warning',
      code: 'ignored-key',
      message: '`ratio` has no effect: `to` gives the smallest λ',
      remedy: 'take out one of the two',
    }),
  ];
}

const isSingle = (lambda: LambdaSpec): boolean => lambda.kind === 'list' && lambda.values.length === 1;
