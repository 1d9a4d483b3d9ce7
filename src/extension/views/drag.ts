import * as vscode from 'vscode';
import { readTarget, type Target } from '../target';
import type { TreeNode } from './node';

/** A mark of our own: what is set under the editor's mark for a tree does not reach another tree. */
const MODEL_TYPE = 'application/vnd.taskweave.model';

/** Base models are dragged into ensembles. */
export class MemberDrag implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes = [MODEL_TYPE];
  readonly dropMimeTypes = [MODEL_TYPE];

  constructor(private readonly onDrop: (target: Target) => void) {}

  handleDrag(source: readonly TreeNode[], data: vscode.DataTransfer): void {
    const models = source.filter(({ context }) => context === 'model' || context === 'model.sweepable');
    if (models.length > 0)
      data.set(MODEL_TYPE, new vscode.DataTransferItem(JSON.stringify(models.map(({ target }) => target))));
  }

  async handleDrop(onto: TreeNode | undefined, data: vscode.DataTransfer): Promise<void> {
    const ensemble = onto?.target.ensemble;
    if (ensemble === undefined) return;
    for (const item of await draggedModels(data)) {
      const target = readTarget(item);
      if (target?.model !== undefined && target.experiment === onto?.target.experiment)
        this.onDrop({ experiment: target.experiment, model: target.model, ensemble });
    }
  }
}

/** Between two trees the editor puts an empty item of the same type before ours, where `get` would find it. */
async function draggedModels(data: vscode.DataTransfer): Promise<readonly unknown[]> {
  for (const [type, item] of data) {
    const text = type === MODEL_TYPE ? await item.asString() : '';
    const dragged: unknown = text === '' ? undefined : JSON.parse(text);
    if (Array.isArray(dragged)) return dragged;
  }
  return [];
}
