import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import {
  type CurveSource,
  type CurvesPart,
  MOST_BESIDE,
  type Scope,
  type StepRange,
} from '../src/protocol/parts';
import type { RunSummary } from '../src/protocol/runs';
import { lambda, MANY_TASKS } from '../src/protocol/words';
import { checkbox, dropdown } from './controls';
import { runName, sourceKey } from './curveSets';
import { type CurveStyle, type Metric, SMOOTHING } from './curvesData';
import { type MenuItem, menu } from './menu';

/** What of the curves is looked at; what is left out stays. */
export interface CurvesWish {
  readonly model?: string;
  readonly configuration?: number;
  readonly scope?: Scope;
  readonly task?: string | null;
  readonly range?: StepRange | null;
  readonly beside?: readonly CurveSource[];
}

export interface CurvesToolbar {
  readonly curves: CurvesPart | undefined;
  readonly models: readonly string[];
  readonly model: string | null;
  readonly run: string | null;
  readonly runs: readonly RunSummary[];
  readonly tasks: readonly string[];
  readonly drawing: CurveStyle;
  draw(change: Partial<CurveStyle>): void;
  wish(wish: CurvesWish): void;
}

const ALL = '';
/** Newest runs that are offered beside the one that is looked at. */
const MOST_OFFERED = 40;

const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  joint: t('all tasks together'),
  'single-task': t('each task alone'),
  pooled: t('all rows as one task'),
};
const METRIC_WORDS: Readonly<Record<Metric | 'all', string>> = {
  all: t('all'),
  loss: t('loss'),
  objective: t('objective'),
  penalty: 'R(θ)',
  learningRate: t('learning rate'),
};
const SPLIT_WORDS: Readonly<Record<CurveStyle['split'], string>> = {
  both: t('training and held out'),
  training: t('training rows'),
  'held-out': t('held out'),
};

/** What is drawn: of which model, λ, task, metric, split and trial, beside which others, and how. */
export function curvesToolbar(bar: CurvesToolbar): TemplateResult {
  const { drawing, draw } = bar;
  return html`<div class="toolbar">
    ${dropdown({
      label: t('Model'),
      options: bar.models.map((name) => ({ value: name, label: name })),
      value: bar.model ?? '',
      onChange: (model) => bar.wish({ model }),
    })}
    ${besideMenu(bar)} ${sourceChoices(bar)}
    ${choice(t('Metric'), METRIC_WORDS, drawing.metric, (metric) => draw({ metric }))}
    ${choice(t('Split'), SPLIT_WORDS, drawing.split, (split) => draw({ split }))} ${trialChoice(bar)}
    ${dropdown({
      label: t('Smoothing'),
      options: SMOOTHING.map(({ value, label }) => ({ value: String(value), label })),
      value: String(drawing.smoothing),
      onChange: (value) => draw({ smoothing: Number(value) }),
    })}
    ${
      bar.tasks.length > 1 && bar.tasks.length <= MANY_TASKS
        ? checkbox(t('All tasks in one plot'), drawing.together, (together) => draw({ together }))
        : nothing
    }
    <span class="legend" aria-hidden="true">
      <span><span class="key"></span>${t('training rows')}</span>
      <span><span class="key held-out"></span>${t('held out inside the fold')}</span>
      <span><span class="key refit"></span>${t('refit')}</span>
    </span>
  </div>`;
}

/** Way of learning, λ and task, where there is more than one. */
function sourceChoices({ curves, tasks, wish }: CurvesToolbar): TemplateResult {
  const { label, options } = configurationChoice(curves?.configurations ?? []);
  const scopes = curves?.scopes ?? [];
  return html`${
    scopes.length > 1
      ? dropdown({
          label: t('Learned'),
          options: scopes.map((scope) => ({ value: scope, label: SCOPE_WORDS[scope] })),
          value: curves?.scope ?? '',
          onChange: (value) => {
            const scope = scopes.find((one) => one === value);
            if (scope) wish({ scope });
          },
        })
      : nothing
  }
  ${
    options.length > 1
      ? dropdown({
          label,
          options,
          value: String(curves?.configuration ?? ''),
          onChange: (configuration) => wish({ configuration: Number(configuration) }),
        })
      : nothing
  }
  ${
    tasks.length > 1 && tasks.length <= MANY_TASKS
      ? dropdown({
          label: t('Task'),
          options: [{ value: ALL, label: t('all') }, ...tasks.map((task) => ({ value: task, label: task }))],
          value: curves?.task ?? ALL,
          onChange: (task) => wish({ task: task === ALL ? null : task }),
        })
      : nothing
  }`;
}

/** Configurations by what was swept: λ, where it differs, and the others by name. */
function configurationChoice(all: CurvesPart['configurations']) {
  const isOfLambda = all.every(({ values }) => values === undefined);
  const hasLambdas = new Set(all.map((one) => one.lambda)).size > 1;
  const nameOf = ({ lambda: at, values = {} }: CurvesPart['configurations'][number]) => {
    const others = Object.entries(values).map(
      ([name, value]) => `${name} ${typeof value === 'number' ? lambda(value) : value}`,
    );
    return [...(hasLambdas && at !== null ? [`λ ${lambda(at)}`] : []), ...others].join(' · ');
  };
  const options = all.map((one) => ({
    value: String(one.configuration),
    label: isOfLambda ? lambda(one.lambda) : nameOf(one),
  }));
  return { label: isOfLambda ? 'λ' : t('Configuration'), options };
}

function trialChoice({ curves, drawing, draw }: CurvesToolbar): TemplateResult {
  const folds = [...new Set((curves?.curves ?? []).flatMap(({ fold }) => (fold === null ? [] : [fold])))];
  folds.sort((a, b) => a - b);
  return dropdown({
    label: t('Trials'),
    options: [
      { value: 'each', label: t('each') },
      { value: 'mean', label: t('mean over folds') },
      ...folds.map((fold) => ({ value: String(fold), label: t('fold {0}', fold + 1) })),
      { value: 'refit', label: t('refit') },
    ],
    value: String(drawing.trials),
    onChange: (value) =>
      draw({ trials: value === 'each' || value === 'mean' || value === 'refit' ? value : Number(value) }),
  });
}

/** Other models of the run, and other runs of the model, to be drawn in the same plots. */
function besideMenu({
  curves,
  models,
  model,
  run,
  runs,
  wish,
}: CurvesToolbar): TemplateResult | typeof nothing {
  if (run === null || model === null) return nothing;
  const beside = curves?.beside ?? [];
  const chosen = new Set(beside.map(sourceKey));
  const item = (source: CurveSource, label: string): MenuItem => ({
    label,
    checked: chosen.has(sourceKey(source)),
    onPick: () =>
      wish({
        beside: chosen.has(sourceKey(source))
          ? beside.filter((one) => sourceKey(one) !== sourceKey(source))
          : [...beside, source].slice(-MOST_BESIDE),
      }),
  });
  const items = [
    ...models.filter((name) => name !== model).map((name) => item({ run, model: name }, name)),
    ...runs
      .filter((one) => one.run !== run)
      .slice(0, MOST_OFFERED)
      .map((one) => item({ run: one.run, model }, runName(one.run, runs))),
  ];
  return items.length === 0 ? nothing : menu({ label: t('Draw beside'), icon: 'diff-multiple', items });
}

function choice<K extends string>(
  label: string,
  words: Readonly<Record<K, string>>,
  value: K,
  onPick: (value: K) => void,
): TemplateResult {
  const options = (Object.entries(words) as [K, string][]).map(([key, text]) => ({
    value: key,
    label: text,
  }));
  return dropdown({
    label,
    options,
    value,
    onChange: (chosen) => {
      const known = options.find((option) => option.value === chosen);
      if (known) onPick(known.value);
    },
  });
}
