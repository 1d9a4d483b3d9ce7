import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { iconButton } from './controls';

export interface MenuItem {
  readonly label: string;
  onPick(): void;
}

export interface MenuOptions {
  readonly label: string;
  readonly icon: string;
  readonly items: readonly MenuItem[];
}

export function menu(options: MenuOptions): TemplateResult {
  return html`<taskweave-menu .options=${options}></taskweave-menu>`;
}

/** A button with a list of actions: arrows walk, Enter picks, Escape closes. */
@customElement('taskweave-menu')
export class Menu extends LitElement {
  @property({ attribute: false }) options: MenuOptions | undefined;
  @state() private isOpen = false;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { options } = this;
    if (!options) return nothing;
    return html`
      ${iconButton({ label: options.label, icon: options.icon, expanded: this.isOpen, onClick: () => this.open(!this.isOpen) })}
      ${
        this.isOpen
          ? html`<div class="menu" role="menu" aria-label=${options.label} @keydown=${this.onKey} @focusout=${this.onFocusOut}>
              ${options.items.map(
                (item) =>
                  html`<button role="menuitem" tabindex="-1" @click=${() => this.pick(item)}>${item.label}</button>`,
              )}
            </div>`
          : nothing
      }
    `;
  }

  private open(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen) void this.updateComplete.then(() => this.items()[0]?.focus());
  }

  private pick(item: MenuItem): void {
    this.close();
    item.onPick();
  }

  private close(): void {
    this.isOpen = false;
    this.querySelector<HTMLElement>('vscode-button')?.focus();
  }

  private items(): readonly HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const items = this.items();
    const at = items.findIndex((item) => item.matches(':focus'));
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key === 'Escape') this.close();
    else if (event.key in to) items[(to[event.key] + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onFocusOut = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && this.contains(event.relatedTarget)) return;
    this.isOpen = false;
  };
}
