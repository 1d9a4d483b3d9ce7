import { gather, primaryMetric, scorePrimary, skill } from '../../core/evaluate';
import { CONSTANT_MODEL, type FitTrial } from '../../core/experiment';
import type { Configuration } from '../../core/learner';
import type { RunData } from '../run-data';
import type { TrialContext } from './context';
import { learnerOf } from './parts';
import { type Placed, placedOf } from './placed';
import { type Upstream, upstream } from './upstream';

/** What the fits of a model found, by the numbers of its configurations. */
export interface Tuning {
  /**
   * skills[cell][configuration][task] on held-out rows, as skill against the mean/majority predictor of the same rows;
   * null where there is none. A cell is a fold of a repeat.
   */
  readonly skills: (number | null)[][][];
  /** configurations[list][number]; undefined where no fit read here is about it. */
  readonly configurations: (Configuration | undefined)[][];
}

export async function readTuning(fits: readonly string[], context: TrialContext): Promise<Tuning> {
  const { run, data } = context;
  const cells = new Map<string, { constant: readonly (number | null)[]; skills: (number | null)[][] }>();
  const configurations: (Configuration | undefined)[][] = [];
  for (const trial of fits) {
    const fit = run.spec(trial);
    if (fit.kind !== 'fit') continue;
    const placed = placedOf(run, fit);
    placed.configurations.forEach((list, l) => {
      configurations[l] ??= [];
      list.forEach((configuration, i) => {
        configurations[l][placed.numbers[l][i]] = configuration;
      });
    });
    const name = `${fit.fold} ${fit.repeat}`;
    const cell = cells.get(name) ?? { constant: await constantScores(fit, context), skills: [] };
    cells.set(name, cell);
    addSkills(cell.skills, upstream(run, trial), placed, data, cell.constant);
  }
  const skills = [...cells.values()].map((cell) => cell.skills);
  const count = Math.max(0, ...configurations.map((list) => list.length));
  const none = data.table.tasks.map(() => null);
  return {
    // Every cell speaks of every configuration: one that a search gave up before has no score there.
    skills: skills.map((cell) => Array.from({ length: count }, (_, c) => cell[c] ?? none)),
    configurations: configurations.map((list) => Array.from({ length: count }, (_, c) => list[c])),
  };
}

function addSkills(
  skills: (number | null)[][],
  { story }: Upstream,
  placed: Placed,
  { table: { tasks } }: RunData,
  constant: readonly (number | null)[],
): void {
  for (const event of story.events) {
    if (event.kind !== 'score' || event.split !== 'validation') continue;
    const task = tasks[event.task];
    const score = event.metrics[primaryMetric(task.type)] ?? null;
    const numbers = placed.numbers[event.task] ?? placed.numbers[0];
    const number = numbers[event.configuration];
    skills[number] ??= tasks.map(() => null);
    skills[number][event.task] = skill(task, score, constant[event.task]);
  }
}

/** Primary scores of the mean/majority predictor of a fit's fold, one a task: what skill is measured against. */
async function constantScores(fit: FitTrial, context: TrialContext): Promise<readonly (number | null)[]> {
  const { data } = context;
  const { dataset, tasks, labels, sampleWeight } = data.table;
  const { train, heldOut } = data.fold(fit.fold, fit.folds, fit.repeat, fit.outer);
  const [model] = await learnerOf(CONSTANT_MODEL).fit(data.problem(train), [{ parameters: {} }], {
    seed: 0,
    signal: context.signal,
    report: () => {},
    tensorBackend: () => context.tensorBackend(),
  });
  const predictions = model.predict(dataset, heldOut);
  const weights = sampleWeight && gather(sampleWeight, heldOut);
  return tasks.map((task, t) => scorePrimary(task, gather(labels[t], heldOut), predictions[t], weights));
}
