import type { Answer, Query } from '../../protocol/queries';
import type { RunSummary, UnreadableRun } from '../../protocol/runs';
import { type RunRecord, RunStore, StoreError, StoreIndex } from '../../store';
import { comparisonOf } from './compare';
import { curvesOf } from './curves';
import { distributionOf } from './distribution';
import { type RunFacts, readFacts } from './facts';
import { logOf } from './log';
import { MarksReader, shownMarks } from './marks';
import { pathsOf } from './path';
import { QueueReader } from './queue';
import { detailOf, partsOf, summaryOf } from './runs';
import { standingOf } from './standing';
import { StepFiles } from './step-files';
import { trialTable } from './trials';

/** What is answered from a store, and at once. */
export type StoreQuery = Exclude<Query, { kind: 'columns' | 'paired' }>;
type AnyAnswer = Answer<StoreQuery['kind']>;

/** Indexes of the stores that were asked about, kept open, and facts about runs that are over. */
export class Librarian {
  private readonly indexes = new Map<string, StoreIndex>();
  /** What `changes()` of each index was when it was opened: what came after is news, to whoever asked at once. */
  private readonly opened = new Map<string, number>();
  private readonly over = new Map<string, { readonly changed: number; readonly facts: RunFacts }>();

  readonly marks = new MarksReader();
  readonly queues = new QueueReader();
  private readonly files = new StepFiles();

  /** Stores that were asked about before there was one. */
  private readonly absent = new Set<string>();

  /** @throws StoreError */
  answer<K extends StoreQuery['kind']>(query: Extract<StoreQuery, { kind: K }>): Answer<K>;
  answer(query: StoreQuery): AnyAnswer;
  answer(query: StoreQuery): AnyAnswer {
    switch (query.kind) {
      case 'runs':
        return this.runs(query.stores, query.offset, query.limit, query.deleted === true);
      case 'run': {
        const [index, facts] = this.factsOf(query);
        const detail = detailOf(index, facts, partsOf(index, facts, this.files));
        return { ...detail, summary: this.beside(index, detail.summary) };
      }
      case 'summaries':
        return this.summaries(query.store, query.runs);
      case 'mark':
        return { marks: this.marks.change(this.index(query.store).store, query.run, query.change) };
      case 'standing':
        return { models: standingOf(...this.factsOf(query)) };
      case 'text':
        return this.text(this.index(query.store).store.run(query.run).record());
      case 'curves': {
        const [index, facts] = this.factsOf(query);
        return curvesOf({ index, facts, files: this.files }, query);
      }
      case 'distribution': {
        const [index, facts] = this.factsOf(query);
        return distributionOf({ index, facts, files: this.files }, query);
      }
      case 'trials':
        return trialTable(...this.factsOf(query), query.limit);
      case 'log':
        return logOf(...this.factsOf(query), query.limit);
      case 'compare':
        return comparisonOf(this.index(query.store), query);
      case 'path':
        return { paths: pathsOf(...this.factsOf(query), query.model) };
    }
  }

  /** The stores asked about so far that still exist, by the path they were asked by. */
  get stores(): ReadonlyMap<string, StoreIndex> {
    return this.indexes;
  }

  index(store: string): StoreIndex {
    let index = this.indexes.get(store);
    if (index === undefined) {
      index = new StoreIndex(RunStore.open(store));
      index.refresh();
      this.indexes.set(store, index);
      this.opened.set(store, index.changes());
      this.absent.delete(store);
    }
    return index;
  }

  /** Opens the stores that have come into being since they were asked about, and gives the runs of each. */
  appeared(): readonly { readonly store: string; readonly runs: readonly string[] }[] {
    return [...this.absent].flatMap((store) => {
      const index = this.existing(store);
      return index ? [{ store, runs: index.all('SELECT run FROM runs').map(({ run }) => String(run)) }] : [];
    });
  }

  /** State of a store's index when it was opened. */
  openedAt(store: string): number {
    return this.opened.get(store) ?? 0;
  }

  /** Closes a store that cannot be read now: it is looked for again, and is news once it can be. */
  forget(store: string): void {
    this.shut(store);
    this.absent.add(store);
  }

  close(): void {
    for (const store of [...this.indexes.keys()]) this.shut(store);
  }

  private shut(store: string): void {
    this.indexes.get(store)?.close();
    this.indexes.delete(store);
    this.opened.delete(store);
  }

  private runs(stores: readonly string[], offset: number, limit: number, deleted: boolean): Answer<'runs'> {
    const all = stores.flatMap((store) => {
      const index = this.existing(store);
      const marks = index === undefined ? undefined : this.marks.of(index.store);
      const rows = index?.all('SELECT run, created FROM runs') ?? [];
      return rows
        .map(({ run, created }) => ({ store, run: String(run), created: String(created) }))
        .filter(({ run }) => (marks?.get(run)?.deleted ?? false) === deleted);
    });
    all.sort((a, b) => (a.created === b.created ? (a.run < b.run ? 1 : -1) : a.created < b.created ? 1 : -1));
    const unreadable: UnreadableRun[] = stores.flatMap((store) =>
      [...(this.existing(store)?.damaged ?? [])].map(([run, message]) => ({ store, run, message })),
    );
    const runs = all.slice(offset, offset + limit).flatMap(({ store, run }) => {
      const found = this.readable(this.index(store), run);
      if (typeof found !== 'string') return [found];
      unreadable.push({ store, run, message: found });
      return [];
    });
    return { runs, total: all.length, ...(unreadable.length > 0 && { unreadable }) };
  }

  /** A run that cannot be read costs itself alone: why it cannot. */
  private readable(index: StoreIndex, run: string): RunSummary | string {
    try {
      return this.summary(index, run);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'damaged-file') return error.message;
      throw error;
    }
  }

  private text({ text, sweep }: RunRecord): Answer<'text'> {
    return { text: text ?? null, ...(sweep && { sweep }) };
  }

  private summaries(store: string, runs: readonly string[]): Answer<'summaries'> {
    const index = this.existing(store);
    if (index === undefined) return { runs: [] };
    const present = runs.filter((run) => index.get('SELECT run FROM runs WHERE run = ?', run) !== undefined);
    const found = present.map((run) => this.readable(index, run));
    return { runs: found.filter((one) => typeof one !== 'string') };
  }

  private summary(index: StoreIndex, run: string): RunSummary {
    const facts = this.facts(index, run);
    return this.beside(index, summaryOf(facts, partsOf(index, facts, this.files)));
  }

  /** The summary with what is known of the run from beside it: its marks, and its place in the queue. */
  private beside(index: StoreIndex, summary: RunSummary): RunSummary {
    const marks = shownMarks(this.marks.of(index.store).get(summary.run));
    const queue = summary.status === 'queued' ? this.queues.placeOf(index, summary.run) : undefined;
    return { ...summary, ...(queue && { queue }), ...(marks && { marks }) };
  }

  private factsOf({ store, run }: { readonly store: string; readonly run: string }): [StoreIndex, RunFacts] {
    const index = this.index(store);
    return [index, this.facts(index, run)];
  }

  private facts(index: StoreIndex, run: string): RunFacts {
    const name = `${index.path} ${run}`;
    const changed = index.changeOf(run);
    const known = this.over.get(name);
    if (known?.changed === changed) return known.facts;
    const facts = readFacts(index, run);
    if (facts.ended !== null) this.over.set(name, { changed, facts });
    return facts;
  }

  /** A folder without a store has no runs; that is no mistake. */
  private existing(store: string): StoreIndex | undefined {
    try {
      return this.index(store);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-a-store') {
        this.absent.add(store);
        return undefined;
      }
      throw error;
    }
  }
}
