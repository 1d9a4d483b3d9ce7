import type { SourceRange } from '../../core/experiment';
import { t } from '../../protocol/l10n';
import type { CommandId } from '../contributions';
import type { Outline } from '../outline';
import type { Target } from '../target';

/** One action shown above a line of the experiment file. */
export interface Lens {
  /** From 0. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
  readonly command: CommandId;
  readonly target: Target;
}

export interface LensInput {
  readonly path: string;
  /** What the file says; undefined while it has mistakes, and then only the first line has lenses. */
  readonly outline: Outline | undefined;
  /** The run of this experiment that is going, and how far it is. */
  readonly going: { readonly run: string; readonly state: string } | undefined;
  /** The newest run, where it did not reach its end and can go on, and how far it is. */
  readonly resumable?: { readonly run: string; readonly state: string } | undefined;
  readonly hasRuns: boolean;
  readonly trusted: boolean;
  locate(path: readonly (string | number)[], part?: 'key' | 'value'): SourceRange;
}

/** On the first key: run, resume, sweep, open; on each base model: sweep and open. */
export function lensesOf(input: LensInput): readonly Lens[] {
  const { path, outline, going, trusted } = input;
  const target: Target = { experiment: path };
  const top = input.locate(['data'], 'key').line - 1;
  const lenses: Lens[] = [];
  const add = (line: number, title: string, tooltip: string, command: CommandId, about: Target) =>
    lenses.push({ line, title, tooltip, command, target: about });

  if (going) {
    if (trusted) {
      const stopTarget = { ...target, run: going.run };
      add(
        top,
        `$(debug-stop) ${t('Stop ({0})', going.state)}`,
        t('Stop the run of this experiment'),
        'taskweave.stop',
        stopTarget,
      );
      if (outline) {
        add(
          top,
          `$(watch) ${t('Queue')}`,
          t('Run what the file says now when the runs that are going are over'),
          'taskweave.queueRun',
          target,
        );
      }
    }
  } else if (outline && trusted) {
    add(
      top,
      `$(play) ${t('Run')}`,
      t('Train and compare all models of this experiment'),
      'taskweave.run',
      target,
    );
  }
  if (!going && input.resumable && trusted) {
    add(
      top,
      `$(debug-continue) ${t('Resume ({0})', input.resumable.state)}`,
      t('Go on with the newest run from what is complete; it keeps what the file said when it began'),
      'taskweave.resume',
      { ...target, run: input.resumable.run },
    );
  }
  if (outline && outline.sweepable.length > 0) {
    add(
      top,
      `$(graph-scatter) ${t('Sweep λ')}`,
      t('Choose a model and a grid of λ'),
      'taskweave.sweep',
      target,
    );
  }
  if (outline || input.hasRuns) {
    add(
      top,
      `$(graph-line) ${t('Open metrics')}`,
      t('Loss curves, λ path and leaderboard'),
      'taskweave.openMetrics',
      target,
    );
  }
  if (input.hasRuns) {
    add(
      top,
      `$(law) ${t('Compare')}`,
      t('Leaderboard, with every model beside its baseline'),
      'taskweave.compare',
      target,
    );
  }
  for (const model of outline?.models ?? []) {
    const line = input.locate(['models', model.name], 'key').line - 1;
    const about = { ...target, model: model.name };
    if (model.sweepable) add(line, t('Sweep λ'), t('Sweep λ of {0}', model.name), 'taskweave.sweep', about);
    add(
      line,
      t('Open metrics'),
      t('Loss curves and λ path of {0}', model.name),
      'taskweave.openMetrics',
      about,
    );
  }
  return lenses;
}
