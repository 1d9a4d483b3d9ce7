import { gather, primaryMetric, scorePrimary, skill } from '../../core/evaluate';
import type { SelectTrial } from '../../core/experiment';
import { CONSTANT_MODEL, lambdaSpecOf } from '../../core/experiment';
import { selectConfigurations } from '../../core/sweep';
import type { RunData } from '../run-data';
import type { TrialContext } from './context';
import { learnerOf } from './parts';
import { type Upstream, upstream } from './upstream';

/** Chooses the configuration of a model from the scores its fits reported, as skill against the mean/majority predictor. */
export async function runSelect(spec: SelectTrial, context: TrialContext): Promise<void> {
  const { run, data, writer } = context;
  const skills: (number | null)[][][] = [];
  let lambdas: (number | null)[][] = [];
  for (const trial of spec.fits) {
    const fit = run.spec(trial);
    if (fit.kind !== 'fit') continue;
    lambdas = fit.configurations.map((list) => list.map(({ lambda }) => lambda ?? null));
    const { train, heldOut } = data.fold(fit.fold, fit.folds, fit.repeat);
    const constant = await constantScores(data, train, heldOut, context);
    skills.push(skillsOf(upstream(run, trial), data, constant, fit.configurations[0].length));
  }
  const selection = selectConfigurations({
    skills,
    rule: spec.rule,
    lambdas,
    spec: lambdaSpecOf(spec.key.model, data.experiment),
    tasks: data.table.tasks.map(({ id }) => id),
    per: spec.per,
  });
  writer.append({ kind: 'result', result: selection });
}

/** skills[configuration][task] of one fit. */
function skillsOf(
  { story }: Upstream,
  data: RunData,
  constant: readonly (number | null)[],
  configurations: number,
): (number | null)[][] {
  const { tasks } = data.table;
  const skills = Array.from({ length: configurations }, () =>
    new Array<number | null>(tasks.length).fill(null),
  );
  for (const event of story.events) {
    if (event.kind !== 'score' || event.split !== 'validation') continue;
    const task = tasks[event.task];
    const score = event.metrics[primaryMetric(task.type)] ?? null;
    skills[event.configuration][event.task] = skill(task, score, constant[event.task]);
  }
  return skills;
}

/** Primary scores of the mean/majority predictor of the fold, one a task: what skill is measured against. */
async function constantScores(
  data: RunData,
  train: Int32Array,
  heldOut: Int32Array,
  context: TrialContext,
): Promise<readonly (number | null)[]> {
  const { dataset, tasks, labels, sampleWeight } = data.table;
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
