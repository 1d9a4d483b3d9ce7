// What a thread loads: nothing here imports the index of a folder that has more.
import type { ThreadTask } from '../threads';
import { Chains, Progress } from './chains';
import { chainsOf, Fit, type Plan } from './fit';
import type { TreeRecords } from './tree-log';

/** A thread's place in a fit of several chains. */
export interface HelperSeat {
  readonly plan: Plan;
  readonly memory: WebAssembly.Memory;
  /** Of how many: the part of the memory that is its own. */
  readonly region: number;
  readonly regions: number;
  readonly chains: SharedArrayBuffer;
  readonly progress: SharedArrayBuffer;
}

/** @see growBoosting */
export const GROW: ThreadTask<HelperSeat, TreeRecords> = { name: 'boosting/grow' };

/** Takes turns at the chains of a fit until there are none left. @returns the trees it has grown */
export function growBoosting({ plan, memory, region, regions, ...shared }: HelperSeat): TreeRecords {
  const count = chainsOf(plan).length;
  const { rounds } = plan.parameters;
  const chains = new Chains(count, rounds, shared.chains);
  const progress = new Progress(plan.data.tasks.length, count, rounds, shared.progress);
  const fit = new Fit(plan, { region, regions, memory });
  for (let turn = chains.take(regions); turn !== undefined; turn = chains.take(regions)) {
    fit.advance(turn, progress);
    chains.finish(turn);
  }
  return fit.log.records();
}
