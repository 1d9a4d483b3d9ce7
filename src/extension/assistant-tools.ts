/** Tools of ours that language models may ask for. Each says what it would do and waits for the person's consent. */
import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type * as z from 'zod/mini';
import { t } from '../protocol/l10n';
import { languageModelTools } from './contributions';
import { validateText } from './editor/validation';
import type { Experiments } from './experiments';
import type { Launcher } from './launcher';
import { outsideForms } from './outside';
import type { Processes } from './processes';
import type { Queries } from './query-client';
import { readLeaderboard } from './read-leaderboard';
import type { RunLibrary } from './run-library';
import { isExperimentFile, storeOf } from './target';

export interface ToolServices {
  readonly experiments: Experiments;
  readonly library: RunLibrary;
  readonly launcher: Launcher;
  readonly processes: Processes;
  readonly queries: Queries;
  log(line: string): void;
}

type ToolInputs = typeof import('./outside-forms').toolInputs;
type Input<K extends keyof ToolInputs> = z.infer<ToolInputs[K]>;

/** What a tool was handed, where it is of the agreed form. */
async function read<K extends keyof ToolInputs>(tool: K, input: unknown): Promise<Input<K>> {
  const { toolInputs } = await outsideForms();
  return toolInputs[tool].parse(input) as Input<K>;
}

export function registerAssistantTools(services: ToolServices): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.lm.registerTool(languageModelTools.validate, {
      prepareInvocation: () => ({ invocationMessage: t('Validating the experiment') }),
      invoke: ({ input }) => answer(async () => validate(services, await read('validate', input))),
    }),
    vscode.lm.registerTool(languageModelTools.sweep, {
      prepareInvocation: async ({ input }) => askFirst(await read('sweep', input)),
      invoke: ({ input }) => answer(async () => sweep(services, await read('sweep', input))),
    }),
    vscode.lm.registerTool(languageModelTools.leaderboard, {
      prepareInvocation: () => ({ invocationMessage: t('Reading the leaderboard') }),
      invoke: ({ input }) => answer(async () => readBoard(services, await read('leaderboard', input))),
    }),
  );
}

/** The grant: what is asked for in words, its budget with it. */
function askFirst({ experiment, model, points, maxFits, cpuSeconds }: Input<'sweep'>) {
  return {
    invocationMessage: t('Launching a λ sweep of {0}', model),
    confirmationMessages: {
      title: t('Launch a λ sweep?'),
      message: new vscode.MarkdownString(
        t(
          'Sweep {0} λ of {1} in {2}, with at most {3} fits and {4} CPU seconds. It stops before it uses more.',
          points,
          `\`${model}\``,
          `\`${experiment}\``,
          maxFits,
          cpuSeconds,
        ),
      ),
    },
  };
}

async function validate(
  { processes, experiments }: ToolServices,
  { experiment }: Input<'validate'>,
): Promise<unknown> {
  refuseUntrusted();
  const path = await known(experiments, experiment);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  return validateText(processes, path, dirname(path), document.getText());
}

async function sweep(
  { experiments, launcher, library }: ToolServices,
  { experiment, model, points, folds, maxFits, cpuSeconds }: Input<'sweep'>,
): Promise<unknown> {
  refuseUntrusted();
  const path = await known(experiments, experiment);
  const outline = experiments.outline(path);
  const found = outline?.models.find(({ name }) => name === model);
  if (found?.kind === 'command')
    throw new Error(`${model} runs a program of the person's own; it is not launched by assistants.`);
  const run = await launcher.sweep(
    path,
    { model, points, folds: folds ?? outline?.folds ?? 5, from: null, to: null },
    { extra: ['--max-fits', String(maxFits), '--cpu-seconds', String(cpuSeconds)] },
  );
  await library.reread();
  return { run, status: 'running' };
}

async function readBoard(
  { experiments, library, queries, log }: ToolServices,
  { experiment, run }: Input<'leaderboard'>,
): Promise<unknown> {
  const path = await known(experiments, experiment);
  await library.reread();
  const id = run ?? library.runsOf(path)[0]?.run;
  if (id === undefined) return { status: 'no runs yet' };
  const detail = await queries.ask<'run'>({ kind: 'run', store: storeOf(path), run: id });
  return { run: id, status: detail.summary.status, leaderboard: await readLeaderboard(detail, log) };
}

function refuseUntrusted(): void {
  if (!vscode.workspace.isTrusted)
    throw new Error('Nothing runs in Restricted Mode: the person has to trust the workspace first.');
}

/** An experiment of the workspace: nothing else is opened for an assistant. */
async function known(experiments: Experiments, path: string): Promise<string> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const candidates = isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path));
  if (!candidates.some((one) => experiments.paths.includes(one))) await experiments.find();
  const found = candidates.find((one) => isExperimentFile(one) && experiments.paths.includes(one));
  if (found === undefined)
    throw new Error(
      `There is no experiment ${path} in the workspace. There are: ${experiments.paths.map((one) => vscode.workspace.asRelativePath(one)).join(', ') || 'none'}.`,
    );
  return found;
}

/** What was found as JSON; what was wrong in words that a model can act on. */
async function answer(find: () => Promise<unknown>): Promise<vscode.LanguageModelToolResult> {
  const text = await find().then(
    (found) => JSON.stringify(found),
    (error: unknown) => `Error: ${error instanceof Error ? error.message : String(error)}`,
  );
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}
