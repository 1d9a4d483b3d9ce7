import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Overview, SweepRequest } from '../src/protocol/panel';
import { button, dropdown, textField } from './controls';
import {
  FIELD_NAMES,
  initialFields,
  readSweep,
  type SweepFieldName,
  type SweepFields,
  toPlaceholder,
} from './sweepData';

/** Launches a λ sweep of one model; says how many fits that is as one types. Emits `launch` with a SweepRequest. */
@customElement('taskweave-sweep')
export class SweepForm extends LitElement {
  @property({ attribute: false }) overview: Overview | undefined;
  /** Model to start with; a new one resets the form. */
  @property({ attribute: false }) model: string | null = null;
  @property({ attribute: false }) launching = false;
  @state() private fields: SweepFields | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { overview } = this;
    if (!overview) return;
    const names = overview.sweepable.map(({ name }) => name);
    const wanted = this.model !== null && names.includes(this.model) ? this.model : names[0];
    const unknown = this.fields === undefined || !names.includes(this.fields.model);
    if (unknown || (changed.has('model') && wanted !== this.fields?.model)) this.choose(wanted);
  }

  protected override render(): TemplateResult {
    const { overview, fields } = this;
    if (!overview || !fields) return html``;
    if (overview.sweepable.length === 0) {
      return html`<p class="empty">No model of this experiment has a λ to sweep.</p>`;
    }
    const model = this.modelOf(fields.model);
    const reading = readSweep(fields, model, { ...overview, constantFolds: overview.folds });
    const placeholders: Partial<Record<SweepFieldName, string>> = { from: 'λ_max', to: toPlaceholder(model) };
    const field = (name: SweepFieldName) =>
      textField({
        id: `sweep-${name}`,
        label: FIELD_NAMES[name],
        value: fields[name],
        placeholder: placeholders[name],
        mistake: reading.mistakes[name],
        onInput: (value) => {
          this.fields = { ...fields, [name]: value };
        },
      });
    return html`
      <form
        class="sweep"
        @submit=${(event: Event) => event.preventDefault()}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.target as HTMLElement).localName === 'vscode-text-field')
            this.launch(reading.request);
        }}
      >
        ${dropdown({
          label: 'Model',
          options: overview.sweepable.map(({ name }) => ({ value: name, label: name })),
          value: fields.model,
          onChange: (name) => this.choose(name),
        })}
        ${field('from')} ${field('to')} ${field('points')} ${field('folds')}
        ${button({
          label: this.launching ? 'Launching …' : 'Launch sweep',
          icon: 'graph-scatter',
          appearance: 'primary',
          disabled: !overview.trusted || this.launching || reading.request === undefined,
          onClick: () => this.launch(reading.request),
        })}
      </form>
      <p class="fits ${reading.request ? '' : 'mistake'}" role="status">${reading.words}</p>
      ${overview.trusted ? nothing : html`<p class="muted">Nothing runs in Restricted Mode: trust this workspace first.</p>`}
    `;
  }

  private launch(request: SweepRequest | undefined): void {
    if (!request || !this.overview?.trusted || this.launching) return;
    this.dispatchEvent(new CustomEvent<SweepRequest>('launch', { detail: request }));
  }

  private choose(name: string | undefined): void {
    this.fields = initialFields(
      name === undefined ? undefined : this.modelOf(name),
      this.overview?.folds ?? 5,
    );
  }

  private modelOf(name: string) {
    return this.overview?.sweepable.find((model) => model.name === name);
  }
}
