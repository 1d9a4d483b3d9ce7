import * as vscode from 'vscode';

/** What is done sooner shows in the view only: a message that flashes helps nobody. */
const PATIENCE = 1500;

/** Does something that takes a while, with progress in the sidebar; when it takes longer, with a message that cancels. */
export async function withCancel<T>(title: string, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const done = act(abort.signal);
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  void vscode.window.withProgress({ location: { viewId: 'taskweave.runs' } }, () => settled);
  const timer = setTimeout(() => {
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
      token.onCancellationRequested(() => abort.abort());
      return settled;
    });
  }, PATIENCE);
  try {
    return await done;
  } finally {
    clearTimeout(timer);
  }
}
