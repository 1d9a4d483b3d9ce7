import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import type { RunSummary } from '../protocol/runs';
import { duration, runState } from '../protocol/words';
import { type CommandId, settings } from './contributions';
import { differingScores, EndedRuns, secondsOf } from './ended-runs';
import type { Queries } from './query-client';
import { readLeaderboard } from './read-leaderboard';
import { REPRODUCES } from './run-commands';
import type { RunLibrary } from './run-library';
import { storeOf, type Target } from './target';

/**
 * One message when a long run ends, when one that this window did not start ends badly (a window that did says why), and
 * when a repeated run can be compared with the one it repeats.
 */
export function announceEnds(
  library: RunLibrary,
  queries: Queries,
  isWatched: (run: string) => boolean,
  log: (line: string) => void,
): vscode.Disposable {
  const ended = new EndedRuns(Date.now());
  const board = async (store: string, run: string) =>
    readLeaderboard(await queries.ask<'run'>({ kind: 'run', store, run }), log);
  const announce = async (run: RunSummary) => {
    log(`run ${run.run} ended: ${run.status} after ${duration(run.worked ?? 0)} of work`);
    if (run.status === 'failed' || run.status === 'interrupted') {
      if (!isWatched(run.run)) await tellBadEnd(run);
      return;
    }
    if (run.status !== 'completed') return;
    const store = storeOf(run.experiment);
    const original = run.marks?.note?.startsWith(REPRODUCES) && run.marks.note.slice(REPRODUCES.length);
    if (original) {
      const [now, before] = await Promise.all([board(store, run.run), board(store, original)]);
      if (now && before) await tell(reproduced(differingScores(now, before)), run);
      return;
    }
    const limit = vscode.workspace.getConfiguration().get(settings.notifyAfter, 60);
    if (limit < 0 || secondsOf(run) < limit) return;
    await tell(
      t('{0} is done: {1}, in {2}.', run.name, runState(run), duration(run.worked ?? secondsOf(run))),
      run,
    );
  };
  return vscode.Disposable.from(
    library.onChanged(() => {
      for (const run of ended.update(library.allRuns()))
        announce(run).catch((error: unknown) => log(String(error)));
    }),
  );
}

function reproduced({ differing, total }: ReturnType<typeof differingScores>): string {
  return differing === 0
    ? t('Reproduced: all {0} scores are the same, bit for bit.', total)
    : t(
        'Not reproduced: {0} of {1} scores differ. The data or the version may have changed.',
        differing,
        total,
      );
}

/** Nothing is lost of a run that ended so: what it did can be read, and it can be taken up again. */
async function tellBadEnd(run: RunSummary): Promise<void> {
  const target = { experiment: run.experiment, run: run.run };
  if (run.status === 'interrupted') return tellInterrupted(run.name, target);
  await offer(t('{0} has failed.', run.name), t('Show Run Log'), 'taskweave.showRunLog', target);
}

/** The process of a run has ended without a word. */
export function tellInterrupted(name: string, target: Target): Promise<void> {
  const words = t('{0} was interrupted: its process was ended from outside. What is complete is kept.', name);
  return offer(words, t('Resume Run'), 'taskweave.resume', target);
}

async function offer(words: string, action: string, command: CommandId, target: Target): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(words, action);
  if (chosen) await vscode.commands.executeCommand(command, target);
}

async function tell(message: string, { experiment, run }: RunSummary): Promise<void> {
  const open = t('Open Metrics');
  const chosen = await vscode.window.showInformationMessage(message, open);
  if (chosen) await vscode.commands.executeCommand('taskweave.openMetrics', { experiment, run });
}
