import type { Diagnosis, Leaderboard } from '../../core/evaluate';

/** Score against λ of one scope of a model. */
export interface ReportPath {
  readonly model: string;
  readonly scope: 'joint' | 'single-task' | 'pooled';
  /** Descending λ. */
  readonly points: readonly {
    readonly lambda: number | null;
    readonly mean: number | null;
    readonly standardError: number | null;
  }[];
  /** Index into `points`; null where the tasks' choices differ. */
  readonly chosen: number | null;
}

/** All that a report of a run says. */
export interface ReportData {
  /** Of the experiment. */
  readonly name: string;
  readonly run: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string | null;
  readonly fits: number;
  /** `Taskweave 0.1.0`, `Node 24.1.0`, `backend wasm`: what it was computed with. */
  readonly madeWith: readonly string[];
  /** The experiment as it was resolved, as YAML or JSON. */
  readonly experiment: string;
  readonly leaderboard: Leaderboard;
  readonly diagnosis: Diagnosis | null;
  readonly paths: readonly ReportPath[];
  readonly warnings: readonly string[];
}
