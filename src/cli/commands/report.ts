import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type ReportTheme, reportHtml, reportMarkdown } from '../../io/report';
import { readReport } from '../../jobs';
import { unwritable } from '../exit-codes';
import { findRun, storeOption } from '../find-run';
import { languageOption, useLanguage } from '../language';

interface ReportFlags {
  readonly store?: string;
  readonly out?: string;
  readonly markdown?: boolean;
  readonly lang?: string;
  readonly theme: ReportTheme;
}

export function reportCommand(): Command {
  const command = storeOption(
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
    .addOption(
      new Option(
        '--theme <colours>',
        'colours of the page: by what its reader prefers, always light or dark, or those of the theme of VS Code around it',
      )
        .choices(['auto', 'light', 'dark', 'editor'])
        .default('auto'),
    );
  return languageOption(command).action(
    (id: string, { store: given, out, markdown, lang, theme }: ReportFlags) => {
      const { store, run } = findRun(id, given);
      const data = readReport(store, run);
      const language = useLanguage(lang);
      const text = markdown ? reportMarkdown(data, language) : reportHtml(data, language, theme);
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
    },
  );
}

/** A name that every file system takes. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/, '') || 'run';
}
