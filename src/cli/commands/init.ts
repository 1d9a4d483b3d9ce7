import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { experimentOn, templates } from '../../core/experiment';
import { readColumnNames } from '../../io';
import { CliError, ExitCode } from '../exit-codes';

interface InitFlags {
  readonly template: string;
  readonly table?: string;
  readonly target?: readonly string[];
  readonly json?: boolean;
}

export function initCommand(): Command {
  const names = templates.map((template) => template.name);
  const described = templates
    .map((template) => `  ${template.name.padEnd(16)} ${template.description}`)
    .join('\n');
  return new Command('init')
    .description('Write a new experiment, with small data to try it on.')
    .argument('[folder]', 'where to write it', '.')
    .addOption(new Option('-t, --template <name>', 'what to start from').choices(names).default(names[0]))
    .option('--table <file>', 'a table of your own to write an experiment for, beside it; with --target')
    .option('--target <column...>', 'columns of the table to predict, each a task')
    .option('--json', 'print {files: […]} for machines')
    .addHelpText('after', `\nTemplates:\n${described}\n\nFiles that exist are never overwritten.`)
    .action(async (folder: string, flags: InitFlags) => {
      const files =
        flags.table === undefined
          ? filesOfTemplate(folder, flags.template)
          : [await experimentBeside(flags.table, flags.target ?? [])];
      const existing = files.find(({ path }) => existsSync(path));
      if (existing) {
        throw new CliError(
          `${existing.path} exists already; nothing was written. Choose another folder: taskweave init <folder>`,
          ExitCode.invalid,
          'file-exists',
        );
      }
      for (const { path, content } of files) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content, { flag: 'wx' });
      }
      if (flags.json) process.stdout.write(`${JSON.stringify({ files: files.map(({ path }) => path) })}\n`);
      else {
        const experiment = files.find(({ path }) => path.includes('.mtl.'));
        process.stdout.write(
          `${files.map(({ path }) => `wrote ${path}`).join('\n')}\nRun it: taskweave run ${experiment?.path}\n`,
        );
      }
    });
}

interface NewFile {
  readonly path: string;
  readonly content: string;
}

function filesOfTemplate(folder: string, wanted: string): readonly NewFile[] {
  const template = templates.find(({ name }) => name === wanted);
  if (!template) throw new CliError(`There is no template ${wanted}.`, ExitCode.invalid, 'usage');
  return Object.entries(template.files).map(([name, content]) => ({
    path: resolve(join(folder, name)),
    content,
  }));
}

/** An experiment on a table, `prices.mtl.yaml` for `prices.csv`. */
async function experimentBeside(table: string, targets: readonly string[]): Promise<NewFile> {
  const columns = await readColumnNames(resolve(table));
  const unknown = targets.find((target) => !columns.includes(target));
  if (targets.length === 0 || unknown !== undefined) {
    const what =
      unknown === undefined ? 'Name what to predict by --target' : `There is no column "${unknown}"`;
    throw new CliError(`${what}: ${table} has ${columns.join(', ')}.`, ExitCode.invalid, 'usage');
  }
  const name = basename(table, extname(table));
  return {
    path: join(dirname(resolve(table)), `${name}.mtl.yaml`),
    content: experimentOn(basename(table), targets),
  };
}
