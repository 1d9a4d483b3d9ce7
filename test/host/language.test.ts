import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually, workspaceFile } from './support';

/** Opens a text as an experiment file; the cursor is where `|` stands. */
async function openAt(text: string): Promise<{ document: vscode.TextDocument; position: vscode.Position }> {
  const uri = workspaceFile(`written-${Date.now()}.mtl.yaml`);
  const offset = text.indexOf('|');
  const source = text.replace('|', '');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(source));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return { document, position: document.positionAt(offset < 0 ? 0 : offset) };
}

async function completions(text: string): Promise<readonly string[]> {
  const { document, position } = await openAt(text);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('the language of experiment files, without another YAML extension', () => {
  const open = new Set<string>();
  afterEach(async () => {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.path.includes('written-')) open.add(uri.fsPath);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const path of open)
      await vscode.workspace.fs.delete(vscode.Uri.file(path)).then(undefined, () => undefined);
    open.clear();
  });

  it('completes keys and values', async () => {
    const keys = await completions('data: { source: tiny.csv, | }\n');
    assert.ok(keys.includes('folds'), keys.join());
    const kinds = await completions('data: { source: tiny.csv }\nmodels:\n  a: { kind: | }\n');
    assert.ok(kinds.includes('linear') && kinds.includes('forest'), kinds.join());
  });

  it('completes columns of the data, which the query worker reads', async () => {
    const columns = await completions('data: { source: tiny.csv }\ntasks:\n  first: { target: | }\n');
    assert.ok(columns.includes('first') && columns.includes('second'), columns.join());
  });

  it('explains a key in a hover', async () => {
    const { document, position } = await openAt('data: { source: tiny.csv, fo|lds: 3 }\n');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((one) => (typeof one === 'string' ? one : one.value)),
    );
    assert.match(text.join('\n'), /fold/i);
  });

  it('goes from a member to its model, and from a target to its column', async () => {
    const file =
      'data: { source: tiny.csv }\ntasks: { a: { target: se|cond } }\nmodels:\n  m: { kind: linear }\n';
    const { document, position } = await openAt(file);
    const go = (at: vscode.Position) =>
      vscode.commands.executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
    const [column] = await go(position);
    assert.ok(column.uri.path.endsWith('tiny.csv'));
    assert.equal(column.range.start.line, 0);
    const { document: other, position: member } = await openAt(
      'data: { source: tiny.csv }\nmodels:\n  m: { kind: linear }\nensembles:\n  e: { combine: mean, of: [|m] }\n',
    );
    const [model] = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      other.uri,
      member,
    );
    assert.equal(model.range.start.line, 2);
  });

  it('has an outline of sections and what is in them', async () => {
    const { document } = await openAt('data: { source: tiny.csv }\ntasks:\n  a: { target: first }\n');
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [
        ['data', ['source']],
        ['tasks', ['a']],
      ],
    );
  });

  it('folds by its indentation', async () => {
    const { document } = await openAt(
      'data:\n  source: tiny.csv\n  folds: 3\ntasks:\n  a: { target: first }\n',
    );
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await vscode.commands.executeCommand('editor.foldAll');
    await eventually('folded lines', () => (editor.visibleRanges.length > 1 ? true : undefined));
  });
});

describe('what the extension gives to others', () => {
  it('is a typed interface: experiments, runs, leaderboards', async () => {
    const api = await vscode.extensions.getExtension('taskweave.taskweave')?.activate();
    assert.equal(api.version, 1);
    await eventually('experiments', () => (api.experiments.length > 0 ? true : undefined));
    assert.ok(api.experiments.includes(workspaceFile('tiny.mtl.yaml').fsPath));
    assert.deepEqual(api.runs(workspaceFile('nowhere/none.mtl.yaml').fsPath), []);
  });

  it('is a task for every experiment, for tasks.json', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'taskweave' });
    const tiny = tasks.find(({ definition }) => definition.experiment === 'tiny.mtl.yaml');
    assert.ok(tiny, tasks.map(({ definition }) => definition.experiment).join());
    assert.deepEqual(tiny.problemMatchers, ['$taskweave']);
    const argumentsOf = ({ execution }: vscode.Task) =>
      execution instanceof vscode.ProcessExecution ? execution.args.slice(-2) : [];
    assert.notEqual(argumentsOf(tiny)[0], '--workers');
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update('taskweave.workers', 3, vscode.ConfigurationTarget.Workspace);
    const [again] = await vscode.tasks.fetchTasks({ type: 'taskweave' });
    await configuration.update('taskweave.workers', undefined, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(argumentsOf(again), ['--workers', '3']);
  });

  it('is tools for language models, which validate and refuse what was not granted', async () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('taskweave'));
    assert.deepEqual(names.toSorted(), ['taskweave_leaderboard', 'taskweave_sweep', 'taskweave_validate']);
    const ask = async (name: string, input: object) => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    };
    assert.deepEqual(JSON.parse(await ask('taskweave_validate', { experiment: 'slow.mtl.yaml' })), {
      ok: true,
      diagnostics: [],
      tasks: [
        { id: 'first', type: 'regression', target: 'first', labelled: 145 },
        { id: 'second', type: 'binary', target: 'second', labelled: 147 },
      ],
    });
    assert.match(
      await ask('taskweave_leaderboard', { experiment: '../other.mtl.yaml' }),
      /There is no experiment/,
    );
  });
});
