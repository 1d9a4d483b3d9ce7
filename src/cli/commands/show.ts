import { Command } from 'commander';
import { choiceLines } from '../../core/evaluate';
import { answerQuery } from '../../jobs';
import { leaderboard } from '../../protocol/leaderboard';
import { queueReason } from '../../protocol/words';
import { ensembleLines, thresholdLines } from '../ensemble-text';
import { findRun, storeOption } from '../find-run';
import { formatLeft } from '../progress';

export function showCommand(): Command {
  return storeOption(
    new Command('show')
      .description('Show one run: its state, models, warnings and where its files are.')
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--json', 'print the run as JSON for machines')
    .action(async (id: string, flags: { store?: string; json?: boolean }) => {
      const { store, run } = findRun(id, flags.store);
      const detail = await answerQuery({ kind: 'run', store, run });
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(detail)}\n`);
        return;
      }
      const { summary } = detail;
      const lines = [
        `run         ${summary.run}`,
        `experiment  ${summary.experiment}`,
        `status      ${summary.status}${summary.queue ? `, number ${summary.queue.place}: ${queueReason(summary)}` : ''}`,
        `started     ${summary.started}`,
        `ended       ${summary.ended ?? '–'}`,
        `fits        ${summary.fits.done} of ${summary.fits.total}`,
        `backend     ${summary.backend ?? '–'}`,
        `folder      ${detail.folder}`,
      ];
      if (summary.secondsLeft !== null) lines.push(`time left   about ${formatLeft(summary.secondsLeft)}`);
      lines.push('', 'tasks');
      for (const task of detail.tasks) {
        lines.push(
          `  ${task.id}  ${task.type}, target ${task.target}, ${task.labelled} labelled rows, scored by ${task.primary}`,
        );
      }
      lines.push('', 'models');
      for (const model of detail.models) {
        lines.push(
          `  ${model.name}  ${model.role}, ${model.status}, ${model.fits.done} of ${model.fits.total} fits`,
        );
      }
      const board = leaderboard.safeParse(detail.leaderboard);
      if (board.success) {
        const section = (title: string, own: readonly string[]) =>
          own.length > 0 ? ['', title, ...own.map((line) => `  ${line}`.trimEnd())] : [];
        const chosen = board.data.rows.flatMap((row) => {
          const [title, ...own] = choiceLines(row);
          return title === undefined ? [] : [`${row.name}  ${title}`, ...own.map((line) => `  ${line}`)];
        });
        lines.push(...section('what each task chose', chosen));
        lines.push(...section('ensembles', ensembleLines(board.data)));
        lines.push(...section('decision thresholds', thresholdLines(board.data)));
      }
      if (detail.warnings.length > 0)
        lines.push('', 'warnings', ...detail.warnings.map((warning) => `  ${warning}`));
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
