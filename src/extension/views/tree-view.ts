import * as vscode from 'vscode';
import type { ViewId } from '../contributions';
import { DisposableStore, Signal } from '../lifecycle';
import { buildTree, type ExperimentView, type TreeBuilder, type TreeNode } from './node';

/** A tree whose items a pure function makes from what is known of the experiments. */
export class ExperimentTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changes.event;
  private readonly visibility = this.owned.add(new Signal<boolean>());
  readonly onVisible = this.visibility.on;
  private readonly view: vscode.TreeView<TreeNode>;
  private shown = '';

  constructor(
    id: ViewId,
    private readonly build: TreeBuilder,
    private readonly experiments: () => readonly ExperimentView[],
  ) {
    this.view = this.owned.add(
      vscode.window.createTreeView(id, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.owned.add(this.view.onDidChangeVisibility(({ visible }) => this.visibility.fire(visible)));
  }

  get visible(): boolean {
    return this.view.visible;
  }

  /** Draws anew when what it shows has changed, and not while hidden. */
  update(problem: string | undefined): void {
    if (!this.view.visible) return;
    this.view.message = problem;
    const next = JSON.stringify(this.roots());
    if (next === this.shown) return;
    this.shown = next;
    this.changes.fire();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = new vscode.TreeItem(node.label, collapsibleState(node));
    item.id = node.id;
    item.description = node.description ?? false;
    item.iconPath = new vscode.ThemeIcon(
      node.icon.id,
      node.icon.color ? new vscode.ThemeColor(node.icon.color) : undefined,
    );
    item.contextValue = node.context;
    item.accessibilityInformation = { label: node.spoken };
    if (node.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(node.tooltip, true);
    if (node.command) item.command = { command: node.command, title: '', arguments: [node.target] };
    return item;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...(node ? (node.children ?? []) : this.roots())];
  }

  dispose(): void {
    this.owned.dispose();
  }

  private roots(): readonly TreeNode[] {
    return buildTree(this.experiments(), this.build);
  }
}

function collapsibleState(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (!node.children || node.children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return node.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
