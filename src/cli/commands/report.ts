import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { reportHtml, reportMarkdown } from '../../io/report';
import { readReport } from '../../jobs';
import { unwritable } from '../exit-codes';
import { findRun, storeOption } from '../find-run';

interface ReportFlags {
  readonly store?: string;
  readonly out?: string;
  readonly markdown?: boolean;
}

export function reportCommand(): Command {
  return storeOption(
    new Command('report')
      .description(
        'Write up a run: one HTML file with leaderboard, verdicts, plots and advice, readable anywhere without Taskweave.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--markdown', 'Markdown instead, with tables in the place of plots')
    .option(
      '-o, --out <file>',
      'where to write it; `-` for standard output (default: <experiment>-report.html here)',
    )
    .action((id: string, { store: given, out, markdown }: ReportFlags) => {
      const { store, run } = findRun(id, given);
      const data = readReport(store, run);
      const text = markdown ? reportMarkdown(data) : reportHtml(data);
      if (out === '-') {
        process.stdout.write(text);
        return;
      }
      const ending = markdown ? 'md' : 'html';
      const path = resolve(out ?? `${fileName(data.name)}-report.${ending}`);
      try {
        writeFileSync(path, text);
      } catch (error) {
        throw unwritable(path, error);
      }
      process.stdout.write(`${path}\n`);
    });
}

/** A name that every file system takes. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '') || 'run';
}
