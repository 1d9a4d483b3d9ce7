import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { positiveNumber } from './execution';

export function mcpCommand(): Command {
  return new Command('mcp')
    .description(
      'Serve assistants over the Model Context Protocol (standard input and output): validate, launch sweeps within a grant, read leaderboards.',
    )
    .argument('[folder]', 'the folder that assistants may read and run experiments in', '.')
    .option(
      '--allow-cpu-seconds <n>',
      'CPU seconds that all launches together may use (default: none may be launched)',
      positiveNumber,
    )
    .action(async (folder: string, flags: { allowCpuSeconds?: number }) => {
      // Loaded only here: no other command waits for it.
      const { serve } = await import('../mcp/server');
      await serve({ folder: realpathSync(resolve(folder)), cpuSeconds: flags.allowCpuSeconds ?? 0 });
    });
}
