import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../src/protocol/l10n';
import type { Parallel } from './compareData';
import { colorOf } from './plot/palette';
import { Width } from './width';

const PARALLEL = { height: 260, top: 44, bottom: 20, left: 60, right: 70 };
/** Pixels between axes: as many as there is room for. */
const BETWEEN = { least: 84, most: 240 };
/** Pixels of a letter of a label. */
const LETTER = 6.4;

/** Runs as lines over their hyperparameters and their score; the one that is pointed at is told in words. */
@customElement('taskweave-parallel')
export class ParallelView extends LitElement {
  @property({ attribute: false }) parallel: Parallel | undefined;
  @state() private pointed: string | undefined;
  private readonly room = new Width(this);

  protected override createRenderRoot(): this {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.parallel) return nothing;
    const { axes, lines, differing } = this.parallel;
    const drawn = axes.length - 1;
    if (axes.length < 2) return html`<p class="empty">${t('The runs differ in no hyperparameter.')}</p>`;
    const { height, top, bottom, left, right } = PARALLEL;
    const wanted = (this.room.pixels - left - right) / (axes.length - 1);
    const between = Math.max(BETWEEN.least, Math.min(BETWEEN.most, Math.floor(wanted)));
    const letters = Math.floor(between / LETTER) - 1;
    const x = (i: number) => left + i * between;
    const y = (at: number) => top + (1 - at) * (height - top - bottom);
    const path = (heights: readonly (number | null)[]) =>
      heights
        .flatMap((at, i) => (at === null ? [] : [`${x(i)} ${y(at)}`]))
        .map((point, i) => (i === 0 ? `M${point}` : `L${point}`))
        .join('');
    const pointed = lines.find(({ run }) => run === this.pointed);
    const words = pointed ? pointed.texts.map((text, i) => `${axes[i].label} ${text}`).join(', ') : '';
    return html`<figure>
      <figcaption>
        ${t('Parallel coordinates, a line a run')}
        ${drawn < differing ? html`<span class="muted">${t('{0} of {1} hyperparameters that differ', drawn, differing)}</span>` : nothing}
      </figcaption>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('Parallel coordinates of {0} runs', lines.length)}>
        <svg class="parallels" width=${left + right + (axes.length - 1) * between} height=${height} role="img" aria-label=${t('Hyperparameters {0} of {1} runs', axes.map(({ label }) => label).join(', '), lines.length)}>
          ${lines.map(
            ({
              run,
              color,
              heights,
            }) => svg`<path class="parallel ${run === this.pointed ? 'pointed' : ''}" d=${path(heights)} stroke=${colorOf(color)}
              @pointerenter=${() => {
                this.pointed = run;
              }}></path>`,
          )}
          ${axes.map(
            (axis, i) => svg`<g class="axis">
              <line x1=${x(i)} x2=${x(i)} y1=${top} y2=${height - bottom}></line>
              <text x=${x(i)} y="14" text-anchor="middle">${shorten(axis.label, letters)}</text>
              <text x=${x(i)} y="28" text-anchor="middle" class="muted">${axis.isLog ? 'log' : (axis.sub ?? '')}</text>
              ${axis.ticks.map(({ at, label }) => svg`<text x=${x(i) + 5} y=${y(at) + 4}>${shorten(label, letters)}</text>`)}
              <title>${axis.id}</title>
            </g>`,
          )}
        </svg>
      </div>
      <p class="readout muted" role="status">${pointed ? `${pointed.run}: ${words}` : ''}</p>
    </figure>`;
  }
}

/** The end of a path says most. */
function shorten(label: string, letters: number): string {
  return label.length <= letters ? label : `…${label.slice(1 - letters)}`;
}
