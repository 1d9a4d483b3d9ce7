/** Steps 0 to 47 are all kept, then each next kept step is a sixteenth further on: about 140 of 10,000. */
const KEPT_AT_FIRST = 48;
const SPACING = 16;

/** Keeps all early steps, then fewer and fewer (evenly on a log scale), and always the last. */
export function createThinner<T>(keep: (item: T) => void): {
  offer(item: T, step: number): void;
  flush(): void;
} {
  let held: T | undefined;
  let due = 0;
  return {
    offer(item, step) {
      if (step < due) {
        held = item;
        return;
      }
      held = undefined;
      keep(item);
      due = step < KEPT_AT_FIRST ? step + 1 : step + Math.ceil(step / SPACING);
    },
    flush() {
      if (held !== undefined) keep(held);
      held = undefined;
    },
  };
}
