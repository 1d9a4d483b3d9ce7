import { Command } from 'commander';
import { checkFile, type FoundTask } from '../../jobs';
import { t } from '../../protocol/l10n';
import { count } from '../../protocol/words';
import { formatDiagnostics } from '../diagnostics';
import { ExitCode } from '../exit-codes';
import { languageOption, useLanguage } from '../language';

/** Exits 2 when there is an error; warnings alone are fine. */
export function validateCommand(): Command {
  const command = new Command('validate')
    .description(
      'Check an experiment file, by itself and against its data; report every mistake with its place and remedy.',
    )
    .argument('<file>', 'experiment file (*.mtl.yaml)')
    .option('--stdin', 'check the text on standard input as if it were that file')
    .option('--json', 'print {file, diagnostics: […], tasks: […]} for machines');
  return languageOption(command).action(
    async (file: string, options: { json?: boolean; stdin?: boolean; lang?: string }) => {
      useLanguage(options.lang);
      const text = options.stdin ? await readStandardInput() : undefined;
      const { diagnostics, tasks } = await checkFile(file, text);
      const errors = diagnostics.filter((d) => d.severity === 'error').length;
      if (options.json) process.stdout.write(`${JSON.stringify({ file, diagnostics, tasks })}\n`);
      else if (diagnostics.length > 0) process.stdout.write(`${formatDiagnostics(diagnostics, file)}\n`);
      if (!options.json) {
        if (tasks) process.stdout.write(tasksText(tasks));
        process.stdout.write(`${summary(errors, diagnostics.length - errors)}\n`);
      }
      process.exitCode = errors > 0 ? ExitCode.invalid : ExitCode.ok;
    },
  );
}

/** Tasks that are told one by one. */
const MOST_TASKS = 20;

/** What a person checks first: whether each task is of the type that was meant, and has its labels. */
function tasksText(tasks: readonly FoundTask[]): string {
  const lines = tasks
    .slice(0, MOST_TASKS)
    .map(({ id, type, labelled }) => `${id}: ${t(type)}, ${count(labelled, 'labelled row')}\n`);
  const more = tasks.length - lines.length;
  return [...lines, ...(more > 0 ? [`${t('and {0} more tasks', more)}\n`] : [])].join('');
}

function summary(errors: number, warnings: number): string {
  if (errors + warnings === 0) return t('No mistakes found.');
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
