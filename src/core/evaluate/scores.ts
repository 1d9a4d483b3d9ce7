/** Metric values by metric name (`auc`, `accuracy`, `logLoss`, `rmse`, `mae`, `r2`), null where it is undefined. */
export type Scores = Readonly<Record<string, number | null>>;
