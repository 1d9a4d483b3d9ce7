import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import { button, textField } from './controls';
import { send } from './host';

const MORE_POINTS = 6;
const MOST_POINTS = 1000;

/** Goes on with the sweep of a complete run: more configurations of a model, near its best λ or between two. */
@customElement('taskweave-extend')
export class ExtendForm extends LitElement {
  @property({ attribute: false }) run = '';
  @property({ attribute: false }) model = '';
  @property({ attribute: false }) disabled = false;
  @state() private fields = { points: String(MORE_POINTS), from: '', to: '' };

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult {
    const { run, model } = this;
    const [points, from, to] = [
      Number(this.fields.points),
      numberOrNull(this.fields.from),
      numberOrNull(this.fields.to),
    ];
    const isCount = Number.isInteger(points) && points >= 1 && points <= MOST_POINTS;
    return html`<h2>${t('Go on with the run that is shown')}</h2>
      <p class="muted">${t('More configurations of {0}: only the new fits are done. Without ends: finer around the best λ.', model)}</p>
      <form class="sweep" @submit=${(event: Event) => event.preventDefault()}>
        ${this.field('points', t('More points'), '')} ${this.field('from', t('New from λ'), t('near best'))}
        ${this.field('to', t('New to λ'), t('near best'))}
        ${button({
          label: t('Extend'),
          icon: 'add',
          disabled: this.disabled || !isCount || from === undefined || to === undefined,
          onClick: () => {
            if (from !== undefined && to !== undefined)
              send({ kind: 'extend', run, model, points, from, to });
          },
        })}
      </form>`;
  }

  private field(name: 'points' | 'from' | 'to', label: string, placeholder: string): TemplateResult {
    return textField({
      id: `extend-${name}`,
      label,
      value: this.fields[name],
      placeholder,
      onInput: (value) => {
        this.fields = { ...this.fields, [name]: value };
      },
    });
  }
}

function numberOrNull(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
