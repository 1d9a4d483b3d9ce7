import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { workspaceFile } from './support';

/** Error messages that a person would see while `act` goes on. */
async function errorsShown(act: () => Thenable<unknown>): Promise<readonly string[]> {
  const shown: string[] = [];
  const { showErrorMessage } = vscode.window;
  const listen = (message: string) => {
    shown.push(message);
    return Promise.resolve(undefined);
  };
  Object.assign(vscode.window, { showErrorMessage: listen });
  try {
    await act();
  } finally {
    Object.assign(vscode.window, { showErrorMessage });
  }
  return shown;
}

describe('commands', () => {
  for (const command of ['run', 'sweep', 'openMetrics', 'validate']) {
    it(`${command} refuses a file that is no experiment, and says what one is`, async () => {
      const errors = await errorsShown(() =>
        vscode.commands.executeCommand(`taskweave.${command}`, workspaceFile('tiny.csv')),
      );
      assert.deepEqual(errors, [
        'Taskweave: tiny.csv is not an experiment: an experiment file is named *.mtl.yaml, *.mtl.yml or *.mtl.json.',
      ]);
    });
  }

  it('run says of an experiment with a mistake that it was not run, and starts nothing', async () => {
    const uri = workspaceFile('broken.mtl.yaml');
    const text =
      'data: { source: tiny.csv }\ntasks: { first: { target: frist } }\nmodels: { m: { kind: linear } }\n';
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      const errors = await errorsShown(() =>
        vscode.commands.executeCommand('taskweave.run', { experiment: uri.fsPath }),
      );
      assert.equal(errors.length, 1);
      assert.match(errors[0], /^Not run: /);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });
});
