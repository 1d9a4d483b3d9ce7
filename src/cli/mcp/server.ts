/** `taskweave mcp`: what an assistant may do, over standard input and output. */
import { readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import * as z from 'zod';
import { version } from '../../../package.json';
import { parseExperiment } from '../../core/experiment';
import { answerQuery, checkFile, listRuns, storeFor } from '../../jobs';
import { leaderboard } from '../../protocol/leaderboard';
import { Allowance, type Grant, GrantError, grantedFile } from './grant';
import { launchSweep } from './launch';
import { listExperiments } from './list';

const path = z
  .string()
  .describe('Experiment file (*.mtl.yaml), absolute or relative to the server’s folder.');

/** A server with its tools; the caller connects it. */
export function createServer(grant: Grant): McpServer {
  const server = new McpServer({ name: 'taskweave', version });
  const allowance = new Allowance(grant);

  server.registerTool(
    'list_experiments',
    {
      title: 'List experiments',
      description:
        'Lists the experiment files of the folder this server was started for, with the names of their tasks, base models and ensembles.',
      annotations: { readOnlyHint: true },
    },
    () => answer(async () => ({ experiments: listExperiments(grant.folder) })),
  );

  server.registerTool(
    'validate_experiment',
    {
      title: 'Validate an experiment',
      description:
        'Checks a multi-task learning experiment file by itself and against its data. Returns every mistake with its line, column and remedy, and of a valid file the type and the number of labels of each task; trains nothing.',
      inputSchema: { path },
      annotations: { readOnlyHint: true },
    },
    ({ path: given }) =>
      answer(async () => {
        const { diagnostics, tasks } = await checkFile(grantedFile(grant, given));
        return { valid: diagnostics.every(({ severity }) => severity !== 'error'), diagnostics, tasks };
      }),
  );

  server.registerTool(
    'launch_sweep',
    {
      title: 'Launch a λ sweep',
      description:
        'Starts a λ sweep of one base model, with its baselines, within a hard budget: refused where it needs more than max_fits fits, stopped before it uses cpu_seconds. Returns the run id at once; ask read_leaderboard for the result. Needs a grant by the person who started the server.',
      inputSchema: {
        path,
        model: z.string().describe('Name of the base model.'),
        points: z.int().min(1).max(1000).default(20).describe('Number of λ.'),
        folds: z.int().min(2).max(100).optional().describe('Cross-validation folds; left out: the file’s.'),
        max_fits: z.int().min(1).describe('Most fits.'),
        cpu_seconds: z.number().positive().describe('Most CPU seconds.'),
      },
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
    ({ path: given, model, points, folds, max_fits: maxFits, cpu_seconds: cpuSeconds }) =>
      answer(async () => {
        const experiment = grantedFile(grant, given);
        refuseCommands(experiment, model);
        allowance.take(cpuSeconds);
        const launch = { experiment, model, points, folds, maxFits, cpuSeconds };
        const run = await launchSweep(launch).catch((error: unknown) => {
          // It ended before there was a run: what it asked for can be asked for again.
          allowance.giveBack(cpuSeconds);
          throw error;
        });
        return { run };
      }),
  );

  server.registerTool(
    'list_runs',
    {
      title: 'List runs',
      description: 'Lists the newest runs of an experiment: id, state, progress, best model.',
      inputSchema: { path, limit: z.int().min(1).max(200).default(20) },
      annotations: { readOnlyHint: true },
    },
    ({ path: given, limit }) =>
      answer(async () => ({ runs: runsOf(grantedFile(grant, given)).slice(0, limit) })),
  );

  server.registerTool(
    'read_leaderboard',
    {
      title: 'Read a leaderboard',
      description:
        'Reads the leaderboard of a run: baselines, models and ensembles with scores per task, and whether sharing helped each task.',
      inputSchema: { path, run: z.string().optional().describe('Run id; left out: the newest.') },
      annotations: { readOnlyHint: true },
    },
    ({ path: given, run }) =>
      answer(async () => {
        const experiment = grantedFile(grant, given);
        const id = run ?? runsOf(experiment)[0]?.run;
        if (id === undefined) return { status: 'no runs yet' };
        const detail = answerQuery({ kind: 'run', store: storeFor(experiment), run: id });
        const board = leaderboard.safeParse(detail.leaderboard);
        return {
          run: id,
          status: detail.summary.status,
          fits: detail.summary.fits,
          warnings: detail.warnings,
          leaderboard: board.success ? board.data : null,
        };
      }),
  );
  return server;
}

/** Serves until the input ends. */
export async function serve(grant: Grant): Promise<void> {
  const transport = new StdioServerTransport();
  const closed = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  await createServer(grant).connect(transport);
  await closed;
}

function runsOf(experiment: string) {
  try {
    return listRuns(storeFor(experiment)).filter((run) => run.experiment === experiment);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'not-a-store') return [];
    throw error;
  }
}

/** An assistant never starts a person's own programs. */
function refuseCommands(experiment: string, model: string): void {
  const { draft, raw } = parseExperiment(readFileSync(experiment, 'utf8'));
  const entry: unknown = Reflect.get(Object(Reflect.get(Object(raw), 'models')), model);
  const kind = draft.models.find(({ name }) => name === model)?.kind ?? Reflect.get(Object(entry), 'kind');
  if (kind === 'command') {
    throw new GrantError('command-model', `${model} runs a program of the person’s own; launch it yourself.`);
  }
}

type ToolAnswer = {
  content: { type: 'text'; text: string }[];
  isError?: boolean;
};

/** What a tool found as JSON, or what was wrong in words that help. */
async function answer(find: () => Promise<unknown>): Promise<ToolAnswer> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await find()) }] };
  } catch (error) {
    return {
      content: [{ type: 'text', text: error instanceof Error ? error.message : String(error) }],
      isError: true,
    };
  }
}
