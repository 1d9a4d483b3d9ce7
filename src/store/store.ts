import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import type { Plan, TrialSpec } from '../core/experiment/trial';
import { StoreError } from './errors';
import { checkAttempt, checkRunId, checkTrialId, runId } from './ids';
import { readJson, writeJson } from './json';
import { hasCode, isMissing, resolveInside } from './paths';
import { planRecord } from './plan-record';
import { type RunRecord, runRecord } from './run-record';

const STORE_NAME = '.taskweave';

/** The store beside an experiment file, whether it exists yet or not. */
export function storeFor(experimentPath: string): string {
  return join(dirname(experimentPath), STORE_NAME);
}

/** The nearest store, from a folder upwards. */
export function findStore(from: string): string | undefined {
  const { root } = parse(from);
  for (let folder = from; ; folder = dirname(folder)) {
    const store = basename(folder) === STORE_NAME ? folder : join(folder, STORE_NAME);
    if (existsSync(store)) return store;
    if (folder === root) return undefined;
  }
}

/** What was read of a run's plans: they are never rewritten. */
interface KnownPlans {
  readonly plans: Plan[];
  readonly specs: Map<string, TrialSpec>;
}

/** Runs whose plans are kept: those that are looked at are few, and are asked about over and over. */
const MOST_KNOWN = 8;

/** The folder `.taskweave`: what it holds, and where. Every path goes through `resolveInside`. */
export class RunStore {
  /** By run; the one asked for last is last. */
  private readonly known = new Map<string, KnownPlans>();

  private constructor(
    /** Real path of the folder. */
    readonly root: string,
  ) {}

  /** @throws StoreError `not-a-store` */
  static open(folder: string): RunStore {
    try {
      if (basename(folder) === STORE_NAME && statSync(folder).isDirectory()) {
        return new RunStore(realpathSync.native(folder));
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    throw new StoreError(
      'not-a-store',
      `${folder} is not a ${STORE_NAME} folder. Run an experiment to make one.`,
    );
  }

  static create(folder: string): RunStore {
    mkdirSync(folder, { recursive: true });
    const store = RunStore.open(folder);
    const ignore = store.path('.gitignore');
    if (!existsSync(ignore))
      writeFileSync(ignore, '# Runs of Taskweave experiments; nothing here is source.\n*\n');
    return store;
  }

  path(...segments: readonly string[]): string {
    return resolveInside(this.root, ...segments);
  }

  /** Where `io` keeps raw typed columns by fingerprint. */
  dataCache(): string {
    return this.path('cache');
  }

  /** Ids of all runs, oldest first. */
  runs(): readonly string[] {
    try {
      return readdirSync(this.path('runs'))
        .filter((name) => runId.safeParse(name).success)
        .sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** @throws StoreError `unknown-run`, `damaged-file` */
  run(run: string): RunFolder {
    const folder = new RunFolder(this, checkRunId(run));
    if (!existsSync(folder.path())) {
      throw new StoreError(
        'unknown-run',
        `There is no run ${run} in ${this.root}. \`taskweave runs\` lists them.`,
      );
    }
    return folder;
  }

  /** For `RunFolder`: what is known of a run's plans, to be added to. */
  knownPlans(run: string): KnownPlans {
    const known = this.known.get(run) ?? { plans: [], specs: new Map<string, TrialSpec>() };
    this.known.delete(run);
    this.known.set(run, known);
    for (const [oldest] of this.known) if (this.known.size > MOST_KNOWN) this.known.delete(oldest);
    return known;
  }

  createRun(record: RunRecord): RunFolder {
    const folder = new RunFolder(this, checkRunId(record.run));
    mkdirSync(this.path('runs'), { recursive: true });
    mkdirSync(folder.path());
    for (const name of ['plan', 'trials', 'predictions', 'models']) mkdirSync(folder.path(name));
    writeJson(folder.path('run.json'), runRecord.parse(record));
    return folder;
  }
}

/** `runs/<run id>/` and what is in it. */
export class RunFolder {
  constructor(
    readonly store: RunStore,
    readonly run: string,
  ) {}

  path(...segments: readonly string[]): string {
    return this.store.path('runs', this.run, ...segments);
  }

  /** The same path as `path` gives, relative to the store and with `/`. */
  relative(...segments: readonly string[]): string {
    return ['runs', this.run, ...segments].join('/');
  }

  /** @throws StoreError `damaged-file` */
  record(): RunRecord {
    const path = this.path('run.json');
    const record = readJson(path, runRecord);
    if (record?.run === this.run) return record;
    throw new StoreError('damaged-file', `${path} is missing or another run's. Delete the run's folder.`);
  }

  writePlan(n: number, plan: Plan): void {
    writeJson(this.path('plan', `${n}.json`), plan);
  }

  /** Plans in order; a later one adds trials to the earlier. */
  plans(): readonly Plan[] {
    const { plans } = this.store.knownPlans(this.run);
    for (;;) {
      const plan = readJson(this.path('plan', `${plans.length}.json`), planRecord);
      if (plan === undefined) return [...plans];
      plans.push(plan);
    }
  }

  events(): string {
    return this.path('events.jsonl');
  }

  control(): string {
    return this.path('control.jsonl');
  }

  lock(): string {
    return this.relative('coordinators');
  }

  /** Makes the folder that attempts at a trial write to, where it is not there yet. */
  beginTrial(trial: string): void {
    try {
      mkdirSync(this.path('trials', checkTrialId(trial)));
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }

  /**
   * What a trial of the plans is.
   * @throws StoreError `damaged-file`
   */
  spec(trial: string): TrialSpec {
    const { specs } = this.store.knownPlans(this.run);
    const known = specs.get(trial);
    if (known !== undefined) return known;
    for (const { trials } of this.plans()) for (const spec of trials) specs.set(spec.id, spec);
    const spec = specs.get(trial);
    if (spec !== undefined) return spec;
    throw new StoreError(
      'damaged-file',
      `Trial ${trial} is in none of the plans of ${this.path()}. Delete the run's folder.`,
    );
  }

  attemptEvents(trial: string, attempt: number): string {
    return this.path('trials', checkTrialId(trial), `${checkAttempt(attempt)}.jsonl`);
  }

  /** Recorded steps of an attempt: `src/store/steps`. */
  attemptSteps(trial: string, attempt: number): string {
    return this.path('trials', checkTrialId(trial), `${checkAttempt(attempt)}.steps`);
  }

  /** Where an attempt can be gone on from, and the models of a part of it that is done: `src/store/checkpoints.ts`. */
  checkpoint(trial: string, attempt: number, part?: number): string {
    const name = part === undefined ? 'checkpoint' : `${part}.part`;
    return this.path('trials', checkTrialId(trial), `${checkAttempt(attempt)}.${name}`);
  }

  /** Numbers of the attempts begun at a trial, ascending. */
  attempts(trial: string): readonly number[] {
    let names: readonly string[];
    try {
      names = readdirSync(this.path('trials', checkTrialId(trial)));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    const numbers = names.map((name) => /^(\d{1,6})\.jsonl$/.exec(name)?.[1]);
    return numbers
      .filter((n) => n !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Trials that have a folder, in no meaningful order. */
  trials(): readonly string[] {
    try {
      return readdirSync(this.path('trials')).filter((name) => /^[0-9a-f]{8,64}$/.test(name));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  predictions(trial: string, attempt: number, split: 'validation' | 'test'): string {
    const name = `${checkTrialId(trial)}.${checkAttempt(attempt)}${split === 'test' ? '.test' : ''}.f32`;
    return this.path('predictions', name);
  }

  /** What is left of a fit's predictions, and which configurations they are of: `src/store/pruned.ts`. */
  keptPredictions(trial: string, attempt: number): { readonly values: string; readonly index: string } {
    const path = this.path('predictions', `${checkTrialId(trial)}.${checkAttempt(attempt)}.kept`);
    return { values: `${path}.f32`, index: `${path}.json` };
  }

  model(trial: string, attempt: number): string {
    return this.path('models', `${checkTrialId(trial)}.${checkAttempt(attempt)}`);
  }
}
