import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { templates } from '../../core/experiment';
import { CliError, ExitCode } from '../exit-codes';

export function initCommand(): Command {
  const names = templates.map((template) => template.name);
  const described = templates
    .map((template) => `  ${template.name.padEnd(16)} ${template.description}`)
    .join('\n');
  return new Command('init')
    .description('Write a new experiment, with small data to try it on.')
    .argument('[folder]', 'where to write it', '.')
    .addOption(new Option('-t, --template <name>', 'what to start from').choices(names).default(names[0]))
    .option('--json', 'print {files: […]} for machines')
    .addHelpText('after', `\nTemplates:\n${described}\n\nFiles that exist are never overwritten.`)
    .action((folder: string, flags: { template: string; json?: boolean }) => {
      const template = templates.find(({ name }) => name === flags.template);
      if (!template) throw new CliError(`There is no template ${flags.template}.`, ExitCode.invalid, 'usage');
      const files = Object.entries(template.files).map(([name, content]) => ({
        path: resolve(join(folder, name)),
        content,
      }));
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
