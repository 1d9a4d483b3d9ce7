import './pathChart';
import { html, type TemplateResult } from 'lit';
import type { LambdaPath } from '../src/protocol/curves';
import { t } from '../src/protocol/l10n';
import { dropdown } from './controls';
import { coefficientsPlot, featuresPlot } from './pathPlots';

/** What stands for the mean over tasks in the choice of the score. */
export const MEAN = '';

export interface PathViewInput {
  readonly paths: readonly LambdaPath[];
  readonly hasRun: boolean;
  readonly models: readonly string[];
  readonly model: string | null;
  readonly tasks: readonly string[];
  /** The task whose score is shown, or `MEAN`. */
  readonly by: string;
  readonly theme: string;
  onModel(model: string): void;
  onScore(by: string): void;
}

/** Score, weights of features and number of features in use, against λ. */
export function pathView(input: PathViewInput): TemplateResult {
  const { paths, by, theme } = input;
  const extra = [coefficientsPlot(paths), featuresPlot(paths)].filter((spec) => spec !== undefined);
  const hasLambda = paths.some((path) => path.points.some((point) => point.lambda !== null));
  return html`
    <div class="toolbar">
      ${dropdown({
        label: t('Model'),
        options: input.models.map((name) => ({ value: name, label: name })),
        value: input.model ?? '',
        onChange: (model) => input.onModel(model),
      })}
      ${dropdown({
        label: t('Score'),
        options: [
          { value: MEAN, label: t('mean skill') },
          ...input.tasks.map((task) => ({ value: task, label: task })),
        ],
        value: by,
        onChange: (value) => input.onScore(value),
      })}
    </div>
    ${
      hasLambda
        ? html`<taskweave-path .paths=${paths} .by=${by === MEAN ? null : by}></taskweave-path>`
        : html`<p class="empty">${input.hasRun ? t('This model has no λ path in this run.') : t('No run yet.')}</p>`
    }
    <div class="charts wide">
      ${extra.map((spec) => html`<taskweave-plot .spec=${spec} .theme=${theme} .legend=${spec.series.length > 1}></taskweave-plot>`)}
    </div>
  `;
}
