import { html, type TemplateResult } from 'lit';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

/** A row of tabs (WAI-ARIA pattern): arrows, Home and End go from one to the next, and show it. */
export function tabList<Id extends string>(
  label: string,
  tabs: readonly Tab<Id>[],
  shown: Id,
  onShow: (id: Id) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === shown);
    const to: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    if (!(event.key in to)) return;
    event.preventDefault();
    const next = tabs[(to[event.key] + tabs.length) % tabs.length];
    onShow(next.id);
    if (event.currentTarget instanceof HTMLElement) {
      event.currentTarget.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
    }
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
    ${tabs.map(
      ({ id, label: name }) => html`<button
        id="tab-${id}"
        role="tab"
        aria-selected=${id === shown}
        aria-controls=${id}
        tabindex=${id === shown ? 0 : -1}
        @click=${() => onShow(id)}
      >
        ${name}
      </button>`,
    )}
  </div>`;
}
