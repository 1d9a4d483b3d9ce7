import { hasLabels, type Problem, restrictToTask, restrictToTasks } from '../../core/dataset';
import { gather, scorePrimary, skill } from '../../core/evaluate';
import { CONSTANT_MODEL, type TransferTrial } from '../../core/experiment';
import type { Configuration, FittedModel, Learner } from '../../core/learner';
import { selectionResult } from '../results';
import { type TrialContext, TrialError } from './context';
import { learnerOf } from './parts';
import { configurationsOf } from './placed';
import { resultOf, upstream } from './upstream';

/**
 * What each task gains from being learned with each other, on one fold: gains[task][other] in skill, null where either
 * cannot be scored.
 */
export async function runTransfer(spec: TransferTrial, context: TrialContext): Promise<void> {
  const { run, data, writer } = context;
  const fit = run.spec(spec.fit);
  if (fit.kind !== 'fit') throw new TrialError('upstream-missing', `Trial ${spec.fit} is not a fit.`);
  const { train, heldOut } = data.fold(fit.fold, fit.folds, fit.repeat);
  const pairs = new Pairs(data.problem(train), heldOut, fit.seed, context);
  const learner = learnerOf(spec.learner);
  const [joint] = chosenOf(spec.joint, context);
  const alone = chosenOf(spec.twin, context);
  const count = data.table.tasks.length;
  const own: (number | null)[] = [];
  for (let t = 0; t < count; t++) {
    own.push((await pairs.skills(learner, [t], alone[t] ?? alone[0]))[0]);
  }
  const gains = own.map(() => new Array<number | null>(count).fill(null));
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const together = await pairs.skills(learner, [a, b], joint);
      gains[a][b] = difference(together[0], own[a]);
      gains[b][a] = difference(together[1], own[b]);
      context.onStep();
    }
  }
  writer.append({ kind: 'result', result: { gains } });
}

/** The configuration that was chosen: one, or one a task. */
function chosenOf(from: TransferTrial['joint'], { run }: TrialContext): readonly Configuration[] {
  const lists = configurationsOf(run, from);
  const { chosen } = resultOf(upstream(run, from.select), selectionResult);
  return chosen.map((number, t) => (lists[t] ?? lists[0])[number]);
}

/** Fits of some of the tasks on the training rows, scored on the held-out ones against mean/majority. */
class Pairs {
  private readonly constants = new Map<number, Promise<number | null>>();

  constructor(
    private readonly problem: Problem,
    private readonly heldOut: Int32Array,
    private readonly seed: number,
    private readonly context: TrialContext,
  ) {}

  /** Skill of each of the tasks; null where it is undefined, or no training row has a label. */
  async skills(
    learner: Learner,
    tasks: readonly number[],
    configuration: Configuration,
  ): Promise<(number | null)[]> {
    const scores = await this.scores(learner, tasks, configuration);
    return Promise.all(
      tasks.map(async (t, k) => skill(this.problem.tasks[t], scores[k], await this.constantScore(t))),
    );
  }

  private constantScore(task: number): Promise<number | null> {
    let found = this.constants.get(task);
    if (found === undefined) {
      found = this.scores(learnerOf(CONSTANT_MODEL), [task], { parameters: {} }).then(([score]) => score);
      this.constants.set(task, found);
    }
    return found;
  }

  private async scores(
    learner: Learner,
    tasks: readonly number[],
    configuration: Configuration,
  ): Promise<(number | null)[]> {
    const { problem } = this;
    const restricted =
      tasks.length === 1 ? restrictToTask(problem, tasks[0]) : restrictToTasks(problem, tasks);
    if (tasks.some((t) => !hasLabels(problem, t))) return tasks.map(() => null);
    const [model] = await this.fit(learner, restricted, configuration);
    const { dataset, labels, sampleWeight } = problem;
    const weights = sampleWeight && gather(sampleWeight, this.heldOut);
    const predictions = model.predict(dataset, this.heldOut);
    return tasks.map((t, k) =>
      scorePrimary(problem.tasks[t], gather(labels[t], this.heldOut), predictions[k], weights),
    );
  }

  private fit(
    learner: Learner,
    problem: Problem,
    configuration: Configuration,
  ): Promise<readonly FittedModel[]> {
    const { signal, threads } = this.context;
    return learner.fit(problem, [configuration], {
      seed: this.seed,
      signal,
      report: () => {},
      ...(threads && { threads }),
      tensorBackend: () => this.context.tensorBackend(),
    });
  }
}

function difference(together: number | null, alone: number | null): number | null {
  return together === null || alone === null ? null : together - alone;
}
