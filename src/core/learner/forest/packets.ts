import type { FitContext } from '../learner';
import type { Threads } from '../threads';
import { labelsAreSparse, type TrainingSet } from '../trees';
import type { GrowthLimits } from './grow';
import { growPacket, outOfBagIn } from './kernels/tree-kernel';
import { kernelApplies, layOutTrees, type TreeMemory } from './kernels/tree-memory';
import { PlainPackets, type TreePacket } from './packet';
import { type ForestPacketReply, PACKET } from './threads';

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
  const { regions } = memory;
  const isFree: Promise<void>[] = regions.map(() => Promise.resolve());
  let turn = -1;
  /** A packet whose turn it is is looked at where it lies, before its region goes on; another one's sums move out of the way. */
  const settle = (p: number, reply: ForestPacketReply, free: () => void): Grown => {
    const outOfBag = outOfBagIn(memory, regions[p % regions.length]);
    if (outOfBag === undefined) {
      free();
      return { packet: reply, free };
    }
    if (p === turn) return { packet: { ...reply, outOfBag }, free };
    const copy = { sums: outOfBag.sums.slice(), trees: outOfBag.trees.slice() };
    free();
    return { packet: { ...reply, outOfBag: copy }, free };
  };
  const packets: (Promise<Grown> | undefined)[] = seeds.map((some, p) => {
    const at = p % regions.length;
    const before = isFree[at];
    let free = () => {};
    isFree[at] = new Promise((resolve) => {
      free = resolve;
    });
    const packet = before.then(async () => {
      signal.throwIfAborted();
      return settle(p, await threads.run(PACKET, { memory, region: regions[at], seeds: some }), free);
    });
    // What goes wrong is told where the packet is awaited.
    packet.catch(free);
    return packet;
  });
  for (let p = 0; p < packets.length; p++) {
    signal.throwIfAborted();
    turn = p;
    const grown = await packets[p];
    // Its sums over all rows are looked at once.
    packets[p] = undefined;
    if (grown === undefined) continue;
    yield grown.packet;
    grown.free();
  }
}

interface Grown {
  readonly packet: TreePacket;
  /** Lets the region grow its next packet. */
  free(): void;
}
