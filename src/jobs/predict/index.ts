export { type FeatureImportance, featureImportance, type ImportanceOptions } from './importance';
export { type PredictOptions, predictTable, type TablePredictions } from './predict';
export { predictionsCsv } from './predictions-csv';
