/** A first experiment on a person's own table: which columns to predict is asked, all else is theirs to change. */
import { basename, dirname, extname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import type { Experiments } from './experiments';
import { fileLanguage } from './language';
import type { Queries } from './query-client';
import { isRecord } from './target';

const TABLES = '**/*.{csv,tsv,parquet,pq,arrow,feather,ipc,arrows,jsonl,ndjson}';
/** Tables that are offered. */
const MOST_TABLES = 500;

export interface TableServices {
  readonly experiments: Experiments;
  readonly queries: Queries;
}

/** Asks for a table, unless it is told, and for its targets; writes the experiment beside it and opens it. */
export async function experimentOnTable(services: TableServices, argument: unknown): Promise<void> {
  const table = tableOf(argument) ?? (await chooseTable());
  if (table === undefined) return;
  const { columns } = await services.queries.ask<'columns'>({ kind: 'columns', path: table.fsPath });
  const targets = await vscode.window.showQuickPick([...columns], {
    title: t('New Experiment'),
    placeHolder: t('Columns to predict, each a task; the others are features'),
    canPickMany: true,
  });
  if (!targets || targets.length === 0) return;
  const { experimentOn } = await fileLanguage();
  const note = t('Columns that are no target are features: list identifiers under exclude.');
  const text = `# ${note}\n${experimentOn(basename(table.fsPath), targets)}`;
  const uri = await freeName(table);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await services.experiments.find();
  await vscode.window.showTextDocument(uri);
}

/** The file that a menu of the explorer was opened on. */
function tableOf(argument: unknown): vscode.Uri | undefined {
  if (!isRecord(argument) || argument.scheme !== 'file' || typeof argument.fsPath !== 'string')
    return undefined;
  return vscode.Uri.file(argument.fsPath);
}

async function chooseTable(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(TABLES, '**/{node_modules,.*}/**', MOST_TABLES);
  if (found.length === 0)
    throw new Error(
      t(
        'There is no table here: put a CSV, Parquet, Arrow or JSON lines file with your data into the folder.',
      ),
    );
  const items = found
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('New Experiment'),
    placeHolder: t('Table with the data'),
  });
  return picked?.uri;
}

/** `prices.mtl.yaml` for `prices.csv`, numbered where that is taken. */
async function freeName(table: vscode.Uri): Promise<vscode.Uri> {
  const folder = vscode.Uri.file(dirname(table.fsPath));
  const name = basename(table.fsPath, extname(table.fsPath));
  for (let number = 1; ; number++) {
    const uri = vscode.Uri.joinPath(folder, `${name}${number === 1 ? '' : `-${number}`}.mtl.yaml`);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}
