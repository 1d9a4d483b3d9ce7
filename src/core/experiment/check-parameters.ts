import { families } from '../learner/families';
import type { SourceDocument } from './document';
import type { Diagnostic, ModelSpec } from './experiment';
import { pointAt } from './explain';
import { valueAt } from './schema-walk';

/** Parameters of a model that do not go together. */
export function checkParameters(document: SourceDocument, model: ModelSpec): Diagnostic[] {
  const { mistakes } = families[model.kind];
  if (mistakes === undefined || !isAsWritten(document, model)) return [];
  return mistakes(model.parameters).map(({ key, severity, ...explanation }) =>
    pointAt(document, ['models', model.name, key], 'value', {
      severity,
      code: severity === 'error' ? 'conflicting-keys' : 'ignored-key',
      ...explanation,
    }),
  );
}

/** Where a parameter has a mistake of its own, its default stands in for it: nothing can be said of it then. */
function isAsWritten({ raw }: SourceDocument, { name, parameters }: ModelSpec): boolean {
  return Object.entries(Object(valueAt(raw, ['models', name]))).every(
    ([key, value]) =>
      key === 'kind' || key === 'lambda' || JSON.stringify(value) === JSON.stringify(parameters[key]),
  );
}
