/** Runs as tasks of the editor (`type: taskweave`), so that they fit tasks.json, its keys and its order of tasks. */
import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { taskType } from './contributions';
import type { Experiments } from './experiments';
import type { Processes } from './processes';
import { experimentName } from './target';

/** @param workers those of a task that states none; 0: as many as there are cores */
export function registerTasks(
  experiments: Experiments,
  processes: Processes,
  workers: () => number,
): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: () =>
      vscode.workspace.isTrusted ? experiments.paths.map((path) => taskOf(processes, path, workers())) : [],
    resolveTask: (task) => {
      const { experiment, workers: stated } = task.definition;
      if (typeof experiment !== 'string' || !isWorkers(stated) || !vscode.workspace.isTrusted)
        return undefined;
      const path = absolute(experiment, task.scope);
      const { program, args, env } = processes.commandLine(argumentsOf(path, stated ?? workers()));
      // The editor wants the very definition it gave back.
      return taskWith(task.definition, task.scope ?? vscode.TaskScope.Workspace, path, program, args, env);
    },
  });
}

function isWorkers(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 1);
}

function taskOf(processes: Processes, path: string, workers: number): vscode.Task {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
  const experiment = vscode.workspace.asRelativePath(path, false);
  const { program, args, env } = processes.commandLine(argumentsOf(path, workers));
  return taskWith(
    { type: taskType, experiment },
    folder ?? vscode.TaskScope.Workspace,
    path,
    program,
    args,
    env,
  );
}

function taskWith(
  task: vscode.TaskDefinition,
  scope: vscode.WorkspaceFolder | vscode.TaskScope,
  path: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): vscode.Task {
  const execution = new vscode.ProcessExecution(program, [...args], { cwd: dirname(path), env: { ...env } });
  const made = new vscode.Task(
    task,
    scope,
    t('run {0}', experimentName(path)),
    'taskweave',
    execution,
    '$taskweave',
  );
  made.group = vscode.TaskGroup.Build;
  made.detail = vscode.workspace.asRelativePath(path);
  return made;
}

function argumentsOf(path: string, workers: number): readonly string[] {
  return ['run', path, ...(workers > 0 ? ['--workers', String(workers)] : [])];
}

function absolute(experiment: string, scope: vscode.Task['scope']): string {
  if (isAbsolute(experiment)) return experiment;
  const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  return folder ? join(folder.uri.fsPath, experiment) : experiment;
}
