export { type LambdaMax, type LambdaMaxNeed, lambdaMaxNeeds } from './arms';
export { boardName, boardNameOf, scopedName } from './board-name';
export { type CheckInputs, checkExperiment, sourcesOf } from './check';
export { checkTrainedRows } from './check-trained-rows';
export { describePlan, type PlanDescription } from './describe';
export type { Path, SourceRange } from './document';
export type {
  DataSpec,
  Diagnostic,
  EnsembleSpec,
  Experiment,
  LambdaSpec,
  ModelSpec,
  SweepSpec,
  TaskSpec,
} from './experiment';
export {
  type Addition,
  type Extension,
  extendPlan,
  haltedSearch,
  lastReport,
  searchesOf,
} from './extend-plan';
export { lambdaSpecOf, sweepOf } from './model-learner';
export { byPlace, type ParsedExperiment, parseExperiment } from './parse';
export { type PlanInputs, plan } from './plan';
export { PlanError } from './plan-error';
export { experimentJsonSchema, type JsonSchema, schemaAt } from './schema-walk';
export { drawnUnit, moreDraws, proposedConfiguration, spaceOf } from './search-plan';
export { type SweepText, sweepOnly, sweepWritten, type TextEdit } from './sweep-text';
export { makeRelatedTasks, type RelatedTasks, type RelatedTasksOptions } from './synthetic';
export { experimentOn } from './table-experiment';
export { type Template, templates } from './templates';
export * from './trial';
