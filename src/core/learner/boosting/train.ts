import type { FitContext } from '../learner';
import type { Threads } from '../threads';
import { weightsOfTask } from '../trees';
import { type Boosted, collect } from './boosted';
import { Chains, Progress } from './chains';
import { chainsOf, Fit, type Plan } from './fit';
import { GROW } from './helper';
import { crewSize } from './kernel';
import { bestConstant } from './losses';
import { monotoneSigns } from './monotone-signs';
import type { BoostingParameters } from './parameters';
import type { TrainingData } from './training-data';
import type { TreeRecords } from './tree-log';

/** An improvement of the held-out loss smaller than this fraction of it does not renew the patience. */
const LEAST_IMPROVEMENT = 1e-4;

/** Row × feature pairs after which a fit lets other work of its process go first. */
const PAIRS_WITHOUT_PAUSE = 4_000_000;

/**
 * Rounds of trees, each fitted to the derivatives of the loss where the rounds before have left it. Tasks with trees of their own go
 * on side by side, on a thread each; the features of a tree for all tasks are shared by the threads.
 */
export async function boost(
  data: TrainingData,
  lambda: number,
  parameters: BoostingParameters,
  context: FitContext,
  configuration: number,
): Promise<Boosted> {
  const signs = monotoneSigns(data, parameters.monotone);
  const plan = { data, lambda, parameters, seed: context.seed, signs };
  const base = bestConstants(data);
  const { rounds, converged, parts } = await train(plan, base, context, configuration);
  return { base, rounds, converged, ...collect(parts, data, parameters.sharing, rounds) };
}

interface Trained {
  /** That are kept. */
  readonly rounds: number;
  readonly converged: boolean;
  readonly parts: readonly TreeRecords[];
}

async function train(
  plan: Plan,
  base: Float64Array,
  context: FitContext,
  configuration: number,
): Promise<Trained> {
  const { data, parameters } = plan;
  const { rounds } = parameters;
  const count = chainsOf(plan).length;
  const pairs = data.count * data.features.length;
  const regions = Math.min(count, crewSize(pairs, context.threads));
  const chains = new Chains(count, rounds);
  const progress = new Progress(data.tasks.length, count, rounds);
  const alone = context.threads && regions === 1 ? { threads: context.threads } : {};
  const fit = new Fit(plan, { region: 0, regions, ...alone });
  const story = new Story(plan, progress, context, configuration);
  let others: Promise<TreeRecords[]> = Promise.resolve([]);
  try {
    fit.begin(base);
    chains.open();
    if (context.threads) others = invite(context.threads, fit, plan, regions, chains, progress);
    let pairsDone = 0;
    while (story.goesOn) {
      context.signal.throwIfAborted();
      const turn = chains.take(regions);
      if (turn === undefined) {
        await Promise.race([others, pause(1)]);
      } else {
        fit.advance(turn, progress);
        chains.finish(turn);
        pairsDone += pairs;
      }
      story.tell(chains.completed);
      if (pairsDone < PAIRS_WITHOUT_PAUSE) continue;
      pairsDone = 0;
      await pause(0);
    }
  } finally {
    chains.stop();
    await Promise.allSettled([fit.close(), others]);
  }
  const { kept, converged } = story;
  return { rounds: kept, converged, parts: [fit.log.records(), ...(await others)] };
}

/** Lets threads take turns at the chains. @returns what they have grown, when there are no turns left */
function invite(
  threads: Threads,
  { workspace }: Fit,
  plan: Plan,
  regions: number,
  chains: Chains,
  progress: Progress,
): Promise<TreeRecords[]> {
  const helpers: Promise<TreeRecords>[] = [];
  for (let region = 1; region < regions; region++) {
    const { memory } = workspace;
    // Their codes are in the memory.
    const withoutCodes = { ...plan, data: { ...plan.data, codes: [] } };
    const shared = { chains: chains.buffer, progress: progress.buffer };
    helpers.push(threads.run(GROW, { plan: withoutCodes, memory, region, regions, ...shared }));
  }
  const all = Promise.all(helpers);
  // What goes wrong is told where they are awaited.
  all.catch(() => {});
  return all;
}

/** Reports rounds that are done, in order, and says when early stopping ends them. */
class Story {
  /** Rounds to keep, so far. */
  kept = 0;
  private told = 0;
  private lowest = Infinity;
  private renewedAt = 0;
  private stopped = false;

  constructor(
    private readonly plan: Plan,
    private readonly progress: Progress,
    private readonly context: FitContext,
    private readonly configuration: number,
  ) {}

  get goesOn(): boolean {
    return !this.stopped && this.told < this.plan.parameters.rounds;
  }

  get converged(): boolean {
    return this.stopped || this.plan.data.heldOut === undefined;
  }

  /** @param completed rounds that all tasks have behind them */
  tell(completed: number): void {
    while (this.told < completed && this.goesOn) this.tellOf(++this.told);
  }

  private tellOf(round: number): void {
    const { plan, progress, context, configuration } = this;
    const { data, lambda, parameters } = plan;
    const taskLosses = [...progress.taskLosses(round)];
    const validationLosses = data.heldOut && [...progress.validationLosses(round)];
    const penalty = progress.penalties(round).reduce((sum, one) => sum + one, 0);
    context.report({
      configuration,
      step: round,
      // λ weighs against sums over the rows, L_t are means.
      objective: this.weigh(taskLosses) + (lambda * penalty) / data.training.length,
      taskLosses,
      ...(validationLosses && { validationLosses }),
      penalty,
      learningRate: parameters.learning_rate,
    });
    if (validationLosses === undefined) {
      this.kept = round;
      return;
    }
    const loss = this.weigh(validationLosses);
    if (loss < this.lowest * (1 - LEAST_IMPROVEMENT)) this.renewedAt = round;
    if (loss < this.lowest) {
      this.lowest = loss;
      this.kept = round;
    }
    this.stopped = round - this.renewedAt >= parameters.patience;
  }

  private weigh(losses: readonly number[]): number {
    const { tasks } = this.plan.data;
    return losses.reduce((sum, loss, t) => (Number.isNaN(loss) ? sum : sum + tasks[t].weight * loss), 0);
  }
}

function bestConstants({ tasks, labels, training, ...data }: TrainingData): Float64Array {
  return Float64Array.from(
    tasks.flatMap(({ type, classes }, t) =>
      bestConstant(type, classes.length, labels[t], weightsOfTask(data, t), training),
    ),
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
