import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { JobError } from '../jobs';
import { cancelCommand } from './commands/cancel';
import { doctorCommand } from './commands/doctor';
import { extendCommand } from './commands/extend';
import { importanceCommand } from './commands/importance';
import { initCommand } from './commands/init';
import { leaderboardCommand } from './commands/leaderboard';
import { logCommand } from './commands/log';
import { markCommand } from './commands/mark';
import { mcpCommand } from './commands/mcp';
import { continueCommand, pauseCommand } from './commands/pause';
import { predictCommand } from './commands/predict';
import { pruneCommand } from './commands/prune';
import { queueCommand } from './commands/queue';
import { reindexCommand } from './commands/reindex';
import { reportCommand } from './commands/report';
import { resumeCommand } from './commands/resume';
import { runCommand } from './commands/run';
import { runsCommand } from './commands/runs';
import { showCommand } from './commands/show';
import { validateCommand } from './commands/validate';
import { formatDiagnostics } from './diagnostics';
import { CliError, ExitCode, unusable } from './exit-codes';

/** `taskweave …`: the whole product without an editor. Sets the process's exit code. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = new Command('taskweave')
    .description(
      'Ensemble multi-task learning: train related tasks together, sweep λ, combine models, see whether sharing helped.',
    )
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      [
        '',
        'Exit codes: 0 done · 1 a run or one of its trials failed · 2 mistakes in the command or the experiment file',
        '            69 something is missing on this machine · 70 a defect in Taskweave · 130 cancelled',
        '',
        'First steps: taskweave init && taskweave run related-tasks.mtl.yaml',
      ].join('\n'),
    );
  const commands = [
    initCommand(),
    validateCommand(),
    runCommand(),
    resumeCommand(),
    extendCommand(),
    pauseCommand(),
    continueCommand(),
    cancelCommand(),
    queueCommand(),
    runsCommand(),
    showCommand(),
    logCommand(),
    leaderboardCommand(),
    reportCommand(),
    importanceCommand(),
    predictCommand(),
    markCommand(),
    pruneCommand(),
    mcpCommand(),
    reindexCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command.exitOverride());
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = explain(error, argv);
  }
}

/** Says what went wrong on stderr (and as JSON on stdout where a machine listens); returns the exit code. */
function explain(error: unknown, argv: readonly string[]): number {
  const json = argv.includes('--json');
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.invalid;
  const { code, message, exitCode } = describe(error, argv);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  process.stderr.write(`${message}\n`);
  return exitCode;
}

/** Mistakes in what the person wrote, not in what became of it. */
const INVALID_CODES: ReadonlySet<string> = new Set([
  'invalid-experiment',
  'unreadable-experiment',
  'no-model',
  'invalid-table',
]);

function describe(
  error: unknown,
  argv: readonly string[],
): { code: string; message: string; exitCode: number } {
  if (error instanceof CliError) return error;
  if (error instanceof JobError) {
    const file = argv.find((argument) => /\.mtl\.(ya?ml|json)$/.test(argument)) ?? '';
    const mistakes = error.diagnostics.length > 0 ? `${formatDiagnostics(error.diagnostics, file)}\n` : '';
    const exitCode = INVALID_CODES.has(error.code) ? ExitCode.invalid : ExitCode.failed;
    return { code: error.code, message: `${mistakes}${error.message}`, exitCode };
  }
  const refused = unusable(error);
  if (refused !== undefined) return refused;
  // Families of errors of the inner rooms carry a code and say what to do; anything else is a defect of ours.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { code: error.code, message: error.message, exitCode: ExitCode.failed };
  }
  const stack = error instanceof Error ? error.stack : String(error);
  return {
    code: 'internal',
    message: `This is a defect in Taskweave, please report it:\n${stack}`,
    exitCode: ExitCode.internal,
  };
}
