import * as vscode from 'vscode';
import type { ViewId } from '../contributions';
import { DisposableStore, Signal } from '../lifecycle';
import {
  buildTree,
  type ExperimentView,
  firstItems,
  PAGE_OF_ITEMS,
  type TreeBuilder,
  type TreeNode,
} from './node';

/** Id of the list at the top. */
const ROOT = '';
/** What a click on "Load more" runs; not for the palette, whose twin is the search. */
export const LOAD_MORE = 'taskweave.internal.loadMore';

/** A tree whose items a pure function makes from what is known of the experiments. */
export class ExperimentTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changes.event;
  private readonly visibility = this.owned.add(new Signal<boolean>());
  readonly onVisible = this.visibility.on;
  private readonly view: vscode.TreeView<TreeNode>;
  private shown = '';
  /** Items that are shown of each long list. */
  private readonly limits = new Map<string, number>();
  private readonly open = new Set<string>();
  private readonly shut = new Set<string>();

  constructor(
    readonly id: ViewId,
    private readonly build: TreeBuilder,
    private readonly experiments: () => readonly ExperimentView[],
    dragAndDropController?: vscode.TreeDragAndDropController<TreeNode>,
  ) {
    this.view = this.owned.add(
      vscode.window.createTreeView(id, {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: id === 'taskweave.runs',
        ...(dragAndDropController && { dragAndDropController }),
      }),
    );
    this.owned.add(this.view.onDidChangeVisibility(({ visible }) => this.visibility.fire(visible)));
    this.owned.add(this.view.onDidExpandElement(({ element }) => this.toggled(element.id, true)));
    this.owned.add(this.view.onDidCollapseElement(({ element }) => this.toggled(element.id, false)));
  }

  get visible(): boolean {
    return this.view.visible;
  }

  /** The item that has the focus in this tree, for commands that come from the keyboard. */
  get selected(): TreeNode | undefined {
    return this.view.selection[0];
  }

  /** Draws anew when what it shows has changed, and not while hidden. */
  update(problem: string | undefined): void {
    if (!this.view.visible) return;
    this.view.message = problem;
    const next = this.signature();
    if (next === this.shown) return;
    this.shown = next;
    this.changes.fire();
  }

  /** Shows another page of the items below `parent`. */
  showMore(parent: string): void {
    this.limits.set(parent, (this.limits.get(parent) ?? PAGE_OF_ITEMS) + PAGE_OF_ITEMS);
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
    if (node.more) item.command = { command: LOAD_MORE, title: '', arguments: [this.id, node] };
    else if (node.command) item.command = { command: node.command, title: '', arguments: [node.target] };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    // Without one the editor would say the label again.
    item.tooltip = new vscode.MarkdownString(node.tooltip?.() ?? '', true);
    return item;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...this.items(node)];
  }

  dispose(): void {
    this.owned.dispose();
  }

  private items(node?: TreeNode): readonly TreeNode[] {
    const all = node ? (node.children?.() ?? []) : buildTree(this.experiments(), this.build);
    const parent = node?.id ?? ROOT;
    return firstItems(all, this.limits.get(parent) ?? PAGE_OF_ITEMS, parent);
  }

  /** Everything that is seen, as text. */
  private signature(): string {
    const look = (nodes: readonly TreeNode[]): unknown =>
      nodes.map((node) => [node, this.isOpen(node) ? look(this.items(node)) : null]);
    return JSON.stringify(look(this.items()));
  }

  private isOpen(node: TreeNode): boolean {
    return this.open.has(node.id) || (node.expanded === true && !this.shut.has(node.id));
  }

  private toggled(id: string, open: boolean): void {
    (open ? this.open : this.shut).add(id);
    (open ? this.shut : this.open).delete(id);
  }
}

function collapsibleState(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (!node.children) return vscode.TreeItemCollapsibleState.None;
  return node.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
