const rooms = new Map<string, ArrayBuffer>();

/**
 * Room for `numbers` float64 that is used again from column to column: what each would take of its own, a machine with
 * large data has many times over before it is collected. What was left in the room of this name is lost.
 */
export function scratch(numbers: number, name: 'sorting' | 'values' | 'starts'): Float64Array<ArrayBuffer> {
  let room = rooms.get(name);
  if (room === undefined || room.byteLength < 8 * numbers) {
    room = new ArrayBuffer(8 * numbers);
    rooms.set(name, room);
  }
  return new Float64Array(room, 0, numbers);
}
