import type { TrialBoard, TrialEntry } from './trial-board';

/** Work worth handing over at once, in seconds, and at most so many trials. */
const PACKET_SECONDS = 0.5;
const PACKET_TRIALS = 256;

/**
 * Several short trials at once, but never so many that another worker has nothing to do.
 * @param ready in order; what the packet takes is taken from it
 * @param free workers with nothing to do
 */
export function takePacket(board: TrialBoard, ready: TrialEntry[], free: number): readonly TrialEntry[] {
  const share = Math.min(PACKET_TRIALS, Math.ceil(ready.length / free));
  const packet: TrialEntry[] = [];
  let seconds = 0;
  while (packet.length < share && ready.length > 0) {
    const [entry] = ready;
    const expected = board.typicalSeconds(entry.spec) ?? PACKET_SECONDS;
    if (packet.length > 0 && seconds + expected > PACKET_SECONDS) break;
    seconds += expected;
    packet.push(entry);
    ready.shift();
  }
  return packet;
}
