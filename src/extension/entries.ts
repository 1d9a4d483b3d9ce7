/** Entries of an object whose keys are known: TypeScript takes them for any text, as an object may have more than its type says. */
export function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
