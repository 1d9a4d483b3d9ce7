import { closeSync, openSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { predictionsCsv, predictTable } from '../../jobs';
import { CliError, ExitCode, unwritable } from '../exit-codes';
import { findRun, storeOption } from '../find-run';

interface PredictFlags {
  readonly store?: string;
  readonly run: string;
  readonly model?: string;
  readonly keep: readonly string[];
  readonly output?: string;
}

export function predictCommand(): Command {
  return storeOption(
    new Command('predict')
      .description('Predict the rows of a table by a model or an ensemble of a finished run; writes CSV.')
      .argument('<table>', 'new rows, with the columns that the features had (CSV, JSON, …)')
      .option('--run <id>', 'run id, the start of one, or `latest`', 'latest')
      .option(
        '-m, --model <name>',
        'row of the leaderboard that predicts (default: the model or ensemble with the best validation)',
      )
      .option(
        '--keep <columns>',
        'columns of the table to repeat in front, separated by commas; may be given more than once',
        (names: string, before: readonly string[]) => [...before, names],
        [],
      )
      .option('-o, --output <file>', 'file to write; `-` for standard output (default: `-`)'),
  ).action(async (table: string, flags: PredictFlags) => {
    const { store, run } = findRun(flags.run, flags.store);
    const predicted = await predictTable({ store, run, table, ...(flags.model && { model: flags.model }) });
    const columns = new Set(predicted.table.columns.map(({ name }) => name));
    const keep = flags.keep.flatMap((names) => namesOfColumns(names, columns));
    const unknown = keep.find((name) => !columns.has(name));
    if (unknown !== undefined) {
      throw new CliError(`${table} has no column "${unknown}" to keep.`, ExitCode.invalid, 'unknown-column');
    }
    const output = flags.output === '-' ? undefined : flags.output;
    try {
      writeLines(predictionsCsv(predicted, keep), output);
    } catch (error) {
      throw output === undefined ? error : unwritable(output, error);
    }
    const where = output === undefined ? '' : ` into ${output}`;
    process.stderr.write(`${predicted.table.rowCount} rows predicted by ${predicted.model}${where}\n`);
  });
}

/** One name, commas in it, where the table has such a column; else names separated by commas. */
export function namesOfColumns(text: string, columns: ReadonlySet<string>): string[] {
  if (columns.has(text)) return [text];
  return text.split(',').map((name) => name.trim());
}

/** In pieces: a table may be large. */
function writeLines(lines: Iterable<string>, path: string | undefined): void {
  const file = path === undefined ? undefined : openSync(path, 'w');
  // Standard output may be a pipe that is full, where a synchronous write would fail.
  const write = (piece: string) =>
    file === undefined ? process.stdout.write(piece) : writeSync(file, piece);
  try {
    let piece = '';
    for (const line of lines) {
      piece += line;
      if (piece.length < PIECE) continue;
      write(piece);
      piece = '';
    }
    write(piece);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Characters that are written at once. */
const PIECE = 65_536;
