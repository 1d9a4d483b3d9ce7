import { Command } from 'commander';
import { checkFile } from '../../jobs';
import { formatDiagnostics } from '../diagnostics';
import { ExitCode } from '../exit-codes';

/** Exits 2 when there is an error; warnings alone are fine. */
export function validateCommand(): Command {
  return new Command('validate')
    .description(
      'Check an experiment file, by itself and against its data; report every mistake with its place and remedy.',
    )
    .argument('<file>', 'experiment file (*.mtl.yaml)')
    .option('--stdin', 'check the text on standard input as if it were that file')
    .option('--json', 'print {file, diagnostics: […]} for machines')
    .action(async (file: string, options: { json?: boolean; stdin?: boolean }) => {
      const text = options.stdin ? await readStandardInput() : undefined;
      const { diagnostics } = await checkFile(file, text);
      const errors = diagnostics.filter((d) => d.severity === 'error').length;
      if (options.json) process.stdout.write(`${JSON.stringify({ file, diagnostics })}\n`);
      else if (diagnostics.length > 0) process.stdout.write(`${formatDiagnostics(diagnostics, file)}\n`);
      if (!options.json) process.stdout.write(`${summary(errors, diagnostics.length - errors)}\n`);
      process.exitCode = errors > 0 ? ExitCode.invalid : ExitCode.ok;
    });
}

function summary(errors: number, warnings: number): string {
  if (errors + warnings === 0) return 'No mistakes found.';
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
