export { type PairedLosses, pairedBootstrap } from './bootstrap';
export { buildLeaderboard, type LeaderboardEntry, type LeaderboardInput } from './build-leaderboard';
export { type Comparison, type ComparisonRows, compareWithBaseline } from './compare';
export { delongDifference, type PairedScores } from './delong';
export { EvaluationError } from './error';
export type { Estimate } from './estimate';
export { formatLambda, formatMetric, formatSigned } from './format';
export { holm } from './holm';
export { gather } from './labelled-rows';
export type {
  Difference,
  EnsembleResult,
  Leaderboard,
  LeaderboardRow,
  Scores,
  Selection,
} from './leaderboard';
export { PROBABILITY_FLOOR, predictedClass, probabilityOfLabel } from './losses';
export { type Metric, metricNamed, metrics, metricsFor, primaryMetric } from './metric';
export { RESAMPLES, Resamples } from './resamples';
export { scorePrimary, scoreTask } from './score';
export { meanSkill, skill } from './skill';
export { leaderboardTable, type Table, verdicts } from './table';
export { judge, LEAST_ROWS, LEAST_ROWS_OF_A_CLASS } from './verdict';
