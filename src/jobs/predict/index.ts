export { type PredictOptions, predictTable, type TablePredictions } from './predict';
export { predictionsCsv } from './predictions-csv';
