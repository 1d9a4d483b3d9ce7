const rooms = new Map<string, ArrayBuffer>();

/** What the numbers are of: two that are needed at the same time are not of the same name. */
type Use = 'sorting' | 'values' | 'present' | 'starts' | 'column';

/**
 * Room for `numbers` float64 that is used again from column to column: what each would take of its own, a machine with
 * large data has many times over before it is collected. What was left in the room of this name is lost.
 */
export function scratch(numbers: number, use: Use): Float64Array<ArrayBuffer> {
  let room = rooms.get(use);
  if (room === undefined || room.byteLength < 8 * numbers) {
    room = new ArrayBuffer(8 * numbers);
    rooms.set(use, room);
  }
  return new Float64Array(room, 0, numbers);
}

/** Lets go of all rooms; arrays in them stay good. */
export function releaseScratch(): void {
  rooms.clear();
}
