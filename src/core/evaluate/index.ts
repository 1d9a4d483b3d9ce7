export { type PairedLosses, pairedBootstrap } from './bootstrap';
export { buildLeaderboard } from './build-leaderboard';
export type { ReliabilityBin } from './calibration';
export { choiceLines, taskChoices } from './choices';
export { type Clustering, clusterItems } from './cluster';
export { type Comparison, type ComparisonRows, compareWithBaseline } from './compare';
export {
  bestThreshold,
  chooseThreshold,
  type DecisionMetric,
  type DecisionRows,
  decide,
  decisionMetrics,
  type TaskThreshold,
  type ThresholdRule,
} from './decisions';
export { delongDifference, type PairedScores } from './delong';
export { type Diagnosis, diagnose, type TaskDiagnosis } from './diagnose';
export { EvaluationError } from './error';
export type { Estimate } from './estimate';
export {
  formatBytes,
  formatChosen,
  formatDuration,
  formatLambda,
  formatMetric,
  formatSigned,
} from './format';
export { holm } from './holm';
export { gather } from './labelled-rows';
export type {
  ChosenValue,
  Difference,
  EnsembleDetail,
  Leaderboard,
  LeaderboardRow,
  MeanDifference,
  Selection,
} from './leaderboard';
export type { LeaderboardEntry, LeaderboardInput } from './leaderboard-input';
export { PROBABILITY_FLOOR, predictedClass, probabilityOfLabel } from './losses';
export { type Metric, metricNamed, metrics, metricsFor, primaryMetric } from './metric';
export { paretoFront } from './pareto';
export {
  correlationMatrix,
  gainMatrix,
  type Relatedness,
  type RelatednessMatrix,
} from './relatedness';
export { RESAMPLES, Resamples } from './resamples';
export { type ResidualChecks, residualChecks } from './residuals';
export { scorePrimary, scoreTask } from './score';
export { scoreTogether } from './score-tasks';
export type { Scores } from './scores';
export { meanSkill, skill } from './skill';
export { drawnTogether } from './split';
export { type Spread, spreadOf } from './spread';
export {
  type BoardColumn,
  baselineOf,
  leaderboardColumns,
  machineColumns,
  sortRows,
} from './table';
export { timeBlocks } from './time-blocks';
export { judge, LEAST_GROUPS, LEAST_ROWS } from './verdict';
