import { statSync } from 'node:fs';
import type { MarkChange, RunMarks } from '../../protocol/runs';
import { appendMark, type Mark, type RunStore, readMarks } from '../../store';

const NONE: ReadonlyMap<string, Mark> = new Map();

/** Marks of each store, read again when their file has changed. */
export class MarksReader {
  private readonly known = new Map<
    string,
    { readonly seen: string; readonly marks: ReadonlyMap<string, Mark> }
  >();

  of(store: RunStore): ReadonlyMap<string, Mark> {
    const seen = stateOf(store);
    if (seen === '') return NONE;
    const known = this.known.get(store.root);
    if (known?.seen === seen) return known.marks;
    const marks = readMarks(store.root);
    this.known.set(store.root, { seen, marks });
    return marks;
  }

  /** @throws StoreError where the store has no such run, or links lead out of it */
  change(store: RunStore, run: string, change: MarkChange): RunMarks {
    store.run(run).record();
    appendMark(store.root, { run, ...change });
    return shownMarks(this.of(store).get(run)) ?? UNMARKED;
  }
}

const UNMARKED: RunMarks = { star: false, name: null, note: null, tags: [], deleted: false };

/** Changes with every mark; empty where there is none. */
export function stateOf(store: RunStore): string {
  const file = statSync(store.path('marks.jsonl'), { throwIfNoEntry: false });
  return file === undefined ? '' : `${file.mtimeMs} ${file.size}`;
}

/** Undefined for a run that nobody has marked. */
export function shownMarks(mark: Mark | undefined): RunMarks | undefined {
  if (mark === undefined) return undefined;
  return {
    star: mark.star ?? false,
    name: mark.name || null,
    note: mark.note || null,
    tags: mark.tags ?? [],
    deleted: mark.deleted ?? false,
  };
}
