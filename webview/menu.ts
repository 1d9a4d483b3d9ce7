import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon, iconButton } from './controls';

export interface MenuItem {
  readonly label: string;
  /** Of an item that is on or off: the menu stays open when it is picked. */
  readonly checked?: boolean;
  onPick(): void;
}

export interface MenuOptions {
  readonly label: string;
  /** Of the button that opens it; absent: it is opened from elsewhere. */
  readonly icon?: string;
  readonly items: readonly MenuItem[];
}

export function menu(options: MenuOptions): TemplateResult {
  return html`<taskweave-menu .options=${options}></taskweave-menu>`;
}

/** A button with a list of actions: arrows walk, Enter picks, Escape closes. Emits `closed`. */
@customElement('taskweave-menu')
export class Menu extends LitElement {
  @property({ attribute: false }) options: MenuOptions | undefined;
  @property({ attribute: false }) startsOpen = false;
  @state() private isOpen = false;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override firstUpdated(): void {
    if (this.startsOpen) this.open(true);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { options } = this;
    if (!options) return nothing;
    return html`
      ${
        options.icon
          ? iconButton({
              label: options.label,
              icon: options.icon,
              expanded: this.isOpen,
              onClick: () => this.open(!this.isOpen),
            })
          : nothing
      }
      ${
        this.isOpen
          ? html`<div class="menu" role="menu" aria-label=${options.label} @keydown=${this.onKey} @focusout=${this.onFocusOut}>
              ${options.items.map(
                (item) =>
                  html`<button
                    role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                    aria-checked=${item.checked ?? nothing}
                    tabindex="-1"
                    @click=${() => this.pick(item)}
                  >
                    ${item.checked === undefined ? nothing : icon(item.checked ? 'check' : 'blank')}${item.label}
                  </button>`,
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
    if (item.checked === undefined) this.close();
    item.onPick();
  }

  private close(): void {
    this.isOpen = false;
    this.querySelector<HTMLElement>('vscode-button')?.focus();
    this.dispatchEvent(new CustomEvent('closed'));
  }

  private items(): readonly HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
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
    this.dispatchEvent(new CustomEvent('closed'));
  };
}
