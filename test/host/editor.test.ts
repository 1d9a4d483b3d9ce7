import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually, workspaceFile } from './support';

const mistakes = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'taskweave');

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, `${from} is not in the file`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

describe('an experiment file in the editor', () => {
  let document: vscode.TextDocument;

  before(async () => {
    document = await vscode.workspace.openTextDocument(workspaceFile('tiny.mtl.yaml'));
    await vscode.window.showTextDocument(document);
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.files.revert'));

  it('has no findings as it is', async () => {
    await vscode.commands.executeCommand('taskweave.validate', { experiment: document.uri.fsPath });
    assert.deepEqual(mistakes(document.uri), []);
  });

  it('has a mistyped value underlined where it stands, with a code, and mended by the action offered', async () => {
    await replace(document, 'group-lasso', 'group-laso');
    const found = await eventually('a finding', () => mistakes(document.uri).at(0));
    assert.equal(document.getText(found.range), 'group-laso');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found.code, 'wrong-value');
    assert.match(found.message, /group-lasso/);

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
    );
    const action = actions.find(({ title }) => title === 'Change "group-laso" to "group-lasso"');
    assert.ok(action?.command, actions.map(({ title }) => title).join());
    assert.equal(action.isPreferred, true);
    const take = ({ command, arguments: given = [] }: vscode.Command) =>
      vscode.commands.executeCommand(command, ...given);
    await take(action.command);
    assert.equal(document.getText(found.range), 'group-lass');
    // Taken twice, or late: what it was offered for no longer stands there.
    await take(action.command);
    assert.ok(document.getText().includes('penalty: group-lasso,'), document.getText());
    await eventually('no finding', () => (mistakes(document.uri).length === 0 ? true : undefined));
  });

  it('has a column that the data lacks underlined once the data were looked at', async () => {
    await replace(document, '{ target: second }', '{ target: secnd }');
    const found = await eventually('a finding', () => mistakes(document.uri).at(0));
    assert.equal(document.getText(found.range), 'secnd');
    assert.match(found.message, /secnd/);
  });

  it('is looked at again when data that it lacked are there', async () => {
    const late = workspaceFile('late.csv');
    await replace(document, 'source: tiny.csv', 'source: late.csv');
    await eventually('a finding', () => mistakes(document.uri).at(0));
    try {
      await vscode.workspace.fs.copy(workspaceFile('tiny.csv'), late);
      await eventually('no finding', () => (mistakes(document.uri).length === 0 ? true : undefined));
    } finally {
      await vscode.workspace.fs.delete(late);
    }
  });

  it('has actions above its first key and above each model', async () => {
    const titles = await eventually('code lenses', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const texts = lenses.map(({ range, command }) => `${range.start.line + 1} ${command?.title}`);
      return texts.length > 0 ? texts : undefined;
    });
    assert.deepEqual(titles.toSorted(), [
      '1 $(graph-line) Open metrics',
      '1 $(graph-scatter) Sweep λ',
      '1 $(play) Run',
      '6 Open metrics',
      '6 Sweep λ',
      '7 Open metrics',
    ]);
  });

  it('is known to the editor by its name, so that completion of YAML and JSON finds the schema', async () => {
    const { packageJSON, extensionUri } = vscode.extensions.getExtension('taskweave.taskweave') ?? {};
    const [{ url }] = packageJSON.contributes.yamlValidation;
    assert.ok(extensionUri);
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, url));
    assert.equal(JSON.parse(new TextDecoder().decode(bytes)).title, 'Taskweave experiment');
  });
});
