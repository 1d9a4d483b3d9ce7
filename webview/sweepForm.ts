import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import type { HostMessage, Hyperparameter, Overview, SweepableModel, SweepSpec } from '../src/protocol/panel';
import { button, checkbox, dropdown, textField } from './controls';
import './extendForm';
import { send } from './host';
import {
  fieldName,
  forecastWords,
  initialFields,
  METHODS,
  offered,
  readSweep,
  type SweepFields,
  type SweepReading,
  toPlaceholder,
} from './sweepData';

export type ForecastMessage = Extract<HostMessage, { kind: 'forecast' }>;

/** The store is asked once the hand rests. */
const FORECAST_DELAY_MS = 500;
const RULES = [
  { value: 'best', label: t('best') },
  { value: 'one-standard-error', label: t('one standard error') },
] as const;
const SELECTS = [
  { value: 'model', label: t('all tasks together') },
  { value: 'per-task', label: t('each task') },
] as const;

type TextFieldName = 'from' | 'to' | 'points' | 'configurations' | 'folds' | 'maxFits' | 'seconds';

/**
 * Sweeps a model over λ and any other hyperparameter; says how many fits that is as one types, and about how long it
 * takes. Launches, writes it to the file, and goes on with sweeps that were launched. Emits `launch` with a SweepSpec.
 */
@customElement('taskweave-sweep')
export class SweepForm extends LitElement {
  @property({ attribute: false }) overview: Overview | undefined;
  /** Model to start with; a new one resets the form. */
  @property({ attribute: false }) model: string | null = null;
  @property({ attribute: false }) launching = false;
  @property({ attribute: false }) forecast: ForecastMessage | undefined;
  @state() private fields: SweepFields | undefined;
  @state() private filter = '';
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): this {
    return this;
  }

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { overview } = this;
    if (!overview) return;
    const names = overview.sweepable.map(({ name }) => name);
    const wanted = this.model !== null && names.includes(this.model) ? this.model : names[0];
    const unknown = this.fields === undefined || !names.includes(this.fields.model);
    if (unknown || (changed.has('model') && wanted !== this.fields?.model)) this.choose(wanted);
  }

  protected override updated(): void {
    const reading = this.reading();
    const asked = reading?.sweep ? JSON.stringify(reading.sweep) : '';
    if (asked === this.asked || !this.overview?.trusted) return;
    this.asked = asked;
    clearTimeout(this.timer);
    const { sweep } = reading ?? {};
    if (sweep) this.timer = setTimeout(() => send({ kind: 'forecast', sweep }), FORECAST_DELAY_MS);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { overview, fields } = this;
    const reading = this.reading();
    if (!overview || !fields || !reading) return nothing;
    if (overview.sweepable.length === 0)
      return html`<p class="empty">${t('This experiment has no base model to sweep.')}</p>`;
    const model = this.modelOf(fields.model);
    return html`
      <form
        class="sweep"
        @submit=${(event: Event) => event.preventDefault()}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.target as HTMLElement).localName === 'vscode-text-field')
            this.launch(reading.sweep);
        }}
      >
        ${dropdown({
          label: t('Model'),
          options: overview.sweepable.map(({ name }) => ({ value: name, label: name })),
          value: fields.model,
          onChange: (name) => this.choose(name),
        })}
        ${model?.lambda ? this.lambdaFields(fields, model, reading) : nothing}
        ${this.searchFields(fields, reading)}
      </form>
      ${this.hyperparameters(fields, model, reading)}
      <p class="fits ${reading.sweep ? '' : 'mistake'}" role="status">${reading.words} ${this.forecastView()}</p>
      <div class="toolbar">
        ${button({
          label: this.launching ? t('Launching …') : t('Launch sweep'),
          icon: 'graph-scatter',
          appearance: 'primary',
          disabled: !overview.trusted || this.launching || reading.sweep === undefined,
          onClick: () => this.launch(reading.sweep),
        })}
        ${button({
          label: t('Write to file'),
          icon: 'edit',
          title: t('Put this sweep into the experiment file; undo there takes it out'),
          disabled: reading.sweep === undefined,
          onClick: () => {
            if (reading.sweep) send({ kind: 'writeSweep', sweep: reading.sweep });
          },
        })}
      </div>
      ${overview.trusted ? nothing : html`<p class="muted">${t('Nothing runs in Restricted Mode: trust this workspace first.')}</p>`}
      ${this.extension(overview)}
    `;
  }

  private reading(): SweepReading | undefined {
    const { overview, fields } = this;
    return overview && fields && readSweep(fields, this.modelOf(fields.model), overview);
  }

  private lambdaFields(fields: SweepFields, model: SweepableModel, reading: SweepReading): TemplateResult {
    const toggle = checkbox('λ', fields.lambda, (lambda) => {
      this.fields = { ...fields, lambda };
    });
    if (!fields.lambda) return toggle;
    return html`${toggle} ${this.field('from', reading, 'λ_max')} ${this.field('to', reading, toPlaceholder(model))}
    ${this.field('points', reading)}`;
  }

  private searchFields(fields: SweepFields, reading: SweepReading): TemplateResult {
    return html`${dropdown({
      label: t('Search'),
      options: METHODS,
      value: fields.method,
      onChange: (value) =>
        this.change({ method: METHODS.find((one) => one.value === value)?.value ?? 'grid' }),
    })}
    ${fields.method === 'grid' ? nothing : this.field('configurations', reading)} ${this.field('folds', reading)}
    ${dropdown({
      label: t('Choose by'),
      options: RULES,
      value: fields.rule,
      onChange: (value) => this.change({ rule: RULES.find((one) => one.value === value)?.value ?? 'best' }),
    })}
    ${dropdown({
      label: t('Choose for'),
      options: SELECTS,
      value: fields.select,
      onChange: (value) =>
        this.change({ select: SELECTS.find((one) => one.value === value)?.value ?? 'model' }),
    })}
    ${this.field('maxFits', reading, t('any'))} ${this.field('seconds', reading, t('any'))}`;
  }

  private field(name: TextFieldName, reading: SweepReading, placeholder?: string): TemplateResult {
    return textField({
      id: `sweep-${name}`,
      label: fieldName(name),
      value: this.fields?.[name] ?? '',
      ...(placeholder !== undefined && { placeholder }),
      ...(reading.mistakes[name] !== undefined && { mistake: reading.mistakes[name] }),
      onInput: (value) => this.change({ [name]: value }),
    });
  }

  /** Every hyperparameter of the model: chosen ones with their values first. */
  private hyperparameters(
    fields: SweepFields,
    model: SweepableModel | undefined,
    reading: SweepReading,
  ): TemplateResult | typeof nothing {
    const all = offered(model);
    if (all.length === 0) return nothing;
    const wanted = this.filter.toLowerCase();
    const chosen = all.filter(({ name }) => name in fields.over);
    const others = all.filter(({ name }) => !(name in fields.over) && name.toLowerCase().includes(wanted));
    return html`<fieldset>
      <legend>${t('Hyperparameters besides λ')}</legend>
      ${chosen.map((one) => this.chosen(one, fields, reading))}
      <details ?open=${chosen.length === 0 && !fields.lambda}>
        <summary>${chosen.length === 0 ? t('Sweep over more') : t('Add another')} (${others.length})</summary>
        ${textField({
          id: 'sweep-filter',
          label: t('Find'),
          value: this.filter,
          placeholder: t('name'),
          onInput: (value) => {
            this.filter = value;
          },
        })}
        <ul class="offered">
          ${others.map(
            (one) => html`<li>
              ${checkbox(one.name, false, () => this.change({ over: { ...fields.over, [one.name]: one.value } }))}
              <span class="muted">${t(one.description)}</span>
            </li>`,
          )}
        </ul>
      </details>
    </fieldset>`;
  }

  private chosen(one: Hyperparameter, fields: SweepFields, reading: SweepReading): TemplateResult {
    const mistake = reading.mistakes[`over ${one.name}`];
    return html`<div class="toolbar">
      ${checkbox(one.name, true, () => {
        const { [one.name]: _gone, ...over } = fields.over;
        this.change({ over });
      })}
      ${textField({
        id: `sweep-over-${one.name}`,
        label: t('Values of {0}', one.name),
        value: fields.over[one.name],
        placeholder: one.options?.join(', ') ?? t('0.1, 0.5 or 0.001..0.1 x5 log'),
        ...(mistake !== undefined && { mistake }),
        onInput: (value) => this.change({ over: { ...fields.over, [one.name]: value } }),
      })}
      <span class="muted">${mistake ?? t(one.description)}</span>
    </div>`;
  }

  private forecastView(): TemplateResult | string {
    const { forecast } = this;
    if (!forecast || forecast.asked !== this.asked) return '';
    if (forecast.forecast) return forecastWords(forecast.forecast);
    return html`<span class="mistake">${forecast.problem}</span>`;
  }

  /** A sweep that has run goes on: more points, or finer around the best. */
  private extension({ detail, trusted }: Overview): TemplateResult | typeof nothing {
    const run = detail?.summary;
    const models = detail?.models.filter(({ role, fits }) => role === 'model' && fits.total > 1) ?? [];
    if (!run || models.length === 0 || run.status !== 'completed') return nothing;
    return html`<taskweave-extend
      .run=${run.run}
      .model=${models.find(({ name }) => name === this.fields?.model)?.name ?? models[0].name}
      .disabled=${!trusted || this.launching}
    ></taskweave-extend>`;
  }

  private change(change: Partial<SweepFields>): void {
    if (this.fields) this.fields = { ...this.fields, ...change };
  }

  private launch(sweep: SweepSpec | undefined): void {
    if (!sweep || !this.overview?.trusted || this.launching) return;
    this.dispatchEvent(new CustomEvent<SweepSpec>('launch', { detail: sweep }));
  }

  private choose(name: string | undefined): void {
    this.fields = initialFields(
      name === undefined ? undefined : this.modelOf(name),
      this.overview?.folds ?? 5,
    );
  }

  private modelOf(name: string): SweepableModel | undefined {
    return this.overview?.sweepable.find((model) => model.name === name);
  }
}
