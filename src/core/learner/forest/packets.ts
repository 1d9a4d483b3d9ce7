import type { FitContext } from '../learner';
import type { Threads } from '../threads';
import { labelsAreSparse, type TrainingSet } from '../trees';
import type { GrowthLimits } from './grow';
import { growPacket } from './kernels/tree-kernel';
import { kernelApplies, layOutTrees, type TreeMemory } from './kernels/tree-memory';
import { PlainPackets, type TreePacket } from './packet';
import { PACKET } from './threads';

/**
 * Grows a packet of trees from each list of seeds and yields them in this order, on as many threads as there are: by
 * the kernel where the table allows it, else in plain TypeScript on this thread alone.
 *
 * @param prior values of a node without any label, one an output
 */
export function growPackets(
  set: TrainingSet,
  limits: GrowthLimits,
  prior: Float64Array,
  seeds: readonly (readonly number[])[],
  context: FitContext,
): AsyncGenerator<TreePacket> {
  if (kernelApplies(set) && context.threads !== undefined) {
    const threads = Math.min(context.threads.count, seeds.length);
    return onThreads(layOutTrees(set, limits, prior, threads), seeds, context.threads, context.signal);
  }
  return oneByOne(growHere(set, limits, prior), seeds, context.signal);
}

async function* oneByOne(
  grow: (seeds: readonly number[]) => TreePacket,
  seeds: readonly (readonly number[])[],
  signal: AbortSignal,
): AsyncGenerator<TreePacket> {
  for (const some of seeds) {
    signal.throwIfAborted();
    yield grow(some);
    // Lets other work of the process go first.
    await new Promise<void>((resume) => setTimeout(resume));
  }
}

function growHere(
  set: TrainingSet,
  limits: GrowthLimits,
  prior: Float64Array,
): (seeds: readonly number[]) => TreePacket {
  if (kernelApplies(set)) {
    const memory = layOutTrees(set, limits, prior, 1);
    return (seeds) => growPacket(memory, memory.regions[0], seeds);
  }
  const plain = new PlainPackets(set, limits, prior, labelsAreSparse(set));
  return (seeds) => plain.grow(seeds);
}

async function* onThreads(
  memory: TreeMemory,
  seeds: readonly (readonly number[])[],
  threads: Threads,
  signal: AbortSignal,
): AsyncGenerator<TreePacket> {
  const before: Promise<void>[] = memory.regions.map(() => Promise.resolve());
  const packets: (Promise<TreePacket> | undefined)[] = seeds.map((some, p) => {
    const region = p % memory.regions.length;
    const packet = before[region].then(() => {
      signal.throwIfAborted();
      return threads.run(PACKET, { memory, region: memory.regions[region], seeds: some });
    });
    // What goes wrong is told where the packet is awaited; what is found is kept nowhere else.
    before[region] = packet.then(
      () => {},
      () => {},
    );
    return packet;
  });
  for (let p = 0; p < packets.length; p++) {
    signal.throwIfAborted();
    const packet = await packets[p];
    // Its sums over all rows are looked at once.
    packets[p] = undefined;
    if (packet) yield packet;
  }
}
