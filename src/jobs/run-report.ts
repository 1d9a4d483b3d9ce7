import { stringify } from 'yaml';
import type { Diagnosis, Leaderboard } from '../core/evaluate';
import type { ReportData, ReportPath } from '../io/report';
import { leaderboard as leaderboardSchema } from '../protocol/leaderboard';
import { completedAttempt, type RunFolder, RunStore, readAttempts, StoreError } from '../store';
import { Librarian } from './queries';
import { diagnosis } from './results';

/**
 * All that a report of a finished run says, read from its store.
 * @throws StoreError `unknown-run` where the run has no leaderboard
 */
export function readReport(store: string, run: string): ReportData {
  const librarian = new Librarian();
  try {
    const detail = librarian.answer<'run'>({ kind: 'run', store, run });
    if (detail.leaderboard === null) {
      throw new StoreError(
        'unknown-run',
        `Run ${run} is ${detail.summary.status} and has no leaderboard to report on yet.`,
      );
    }
    const leaderboard: Leaderboard = leaderboardSchema.parse(detail.leaderboard);
    const folder = RunStore.open(store).run(run);
    const record = folder.record();
    return {
      name: detail.summary.name,
      run,
      started: detail.summary.started,
      ended: detail.summary.ended,
      fits: detail.summary.fits.total,
      madeWith: [
        `Taskweave ${record.versions.taskweave}`,
        `Node ${record.versions.node}`,
        ...(record.backend === null ? [] : [`tensor backend ${record.backend}`]),
        `data fingerprint ${record.fingerprint.slice(0, 12)}`,
        `seed ${record.experiment.data.seed}`,
      ],
      experiment: stringify(record.experiment),
      leaderboard,
      diagnosis: readDiagnosis(folder),
      paths: record.experiment.models.flatMap(({ name }) =>
        librarian
          .answer<'path'>({ kind: 'path', store, run, model: name })
          .paths.map(({ model, scope, points, chosen }): ReportPath => ({ model, scope, points, chosen })),
      ),
      warnings: detail.warnings,
    };
  } finally {
    librarian.close();
  }
}

/** What the report trial found beside its leaderboard; null in runs of before it did. */
function readDiagnosis(run: RunFolder): Diagnosis | null {
  const report = run
    .plans()
    .flatMap(({ trials }) => trials)
    .findLast(({ kind }) => kind === 'report');
  if (report === undefined) return null;
  const story = completedAttempt(run, readAttempts(run, report.id), report.id);
  const event = story?.events.findLast(({ kind }) => kind === 'diagnosis');
  return event?.kind === 'diagnosis' ? (diagnosis.safeParse(event.diagnosis).data ?? null) : null;
}
