import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from '../../store';
import type { Member } from './member';
import { spent, type Upstream } from './upstream';

/** What a row of the leaderboard took, and how large it is. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly fitSeconds: number;
  /** Of 1,000 rows; absent where nothing says. */
  readonly predictSeconds?: number;
  readonly sizeBytes: number;
  readonly parameters?: number;
}

/** Rows that a prediction must have been timed on to be worth telling. */
const LEAST_TIMED_ROWS = 20;

/** A base model: all its fits over the whole grid, selection, refit, searches and outer loops; the size is the refit's. */
export function memberCost(run: RunFolder, member: Member): Cost {
  const { fits, select, refit, trials } = member;
  const own = [...fits, select, refit];
  const others = [
    ...(trials.tuning ?? []),
    ...(trials.outer ? [...trials.outer.refits, ...trials.outer.tuning] : []),
  ].map((trial) => spent(run, trial));
  const predictSeconds = secondsPerThousand([refit]) ?? secondsPerThousand(fits);
  return {
    cpuSeconds: sum([...own, ...others].map(({ cpuSeconds }) => cpuSeconds)),
    fitSeconds: sum([
      ...own.map(({ story }) => story.end?.wallSeconds ?? 0),
      ...others.map((one) => one.wallSeconds),
    ]),
    ...(predictSeconds !== undefined && { predictSeconds }),
    sizeBytes: sizeOf(run, refit),
    ...parametersOf(refit),
  };
}

/** An ensemble's own trials and all that its members took: none of it would be there without them. */
export function ensembleCost(run: RunFolder, own: readonly Upstream[], members: readonly Cost[]): Cost {
  const timed = members.flatMap(({ predictSeconds }) => predictSeconds ?? []);
  const counted = members.flatMap(({ parameters }) => parameters ?? []);
  return {
    cpuSeconds: sum([...own.map(({ cpuSeconds }) => cpuSeconds), ...members.map((one) => one.cpuSeconds)]),
    fitSeconds: sum([
      ...own.map(({ story }) => story.end?.wallSeconds ?? 0),
      ...members.map((one) => one.fitSeconds),
    ]),
    ...(members.length > 0 && timed.length === members.length && { predictSeconds: sum(timed) }),
    sizeBytes: sum([...own.map((one) => sizeOf(run, one)), ...members.map(({ sizeBytes }) => sizeBytes)]),
    ...(counted.length === members.length && { parameters: sum(counted) }),
  };
}

function secondsPerThousand(trials: readonly Upstream[]): number | undefined {
  let rows = 0;
  let seconds = 0;
  for (const { story } of trials) {
    for (const event of story.events) {
      if (event.kind !== 'predictions' || event.seconds === undefined) continue;
      rows += event.rows * event.configurations;
      seconds += event.seconds;
    }
  }
  return rows >= LEAST_TIMED_ROWS ? (1000 * seconds) / rows : undefined;
}

/** Bytes of the files of a saved model; a folder that cannot be read has none. */
function sizeOf(run: RunFolder, { trial, story }: Upstream): number {
  const folder = run.model(trial, story.attempt);
  try {
    return sum(readdirSync(folder).map((name) => statSync(join(folder, name)).size));
  } catch {
    return 0;
  }
}

function parametersOf({ story }: Upstream): { readonly parameters?: number } {
  const counts = story.events.flatMap((event) =>
    event.kind === 'fitted' ? event.sharedParameters + event.privateParameters : [],
  );
  return counts.length === 0 ? {} : { parameters: sum(counts) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
