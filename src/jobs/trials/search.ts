import { drawnUnit, proposedConfiguration, type SearchTrial, spaceOf } from '../../core/experiment';
import { seedFrom } from '../../core/random';
import { promote, propose } from '../../core/sweep/search';
import { searchResult } from '../results';
import type { TrialContext } from './context';
import { readTuning, type Tuning } from './tuning';
import { resultOf, upstream } from './upstream';

/** What a barrier found: the next configurations of each list, their numbers, and where in the space they are. */
interface Proposals {
  readonly units: readonly (readonly number[])[];
  readonly numbers: readonly number[];
}

/** Looks at all scores there are and says what is fitted next: the same for the same scores, whoever was faster. */
export async function runSearch(spec: SearchTrial, context: TrialContext): Promise<void> {
  const tuning = await readTuning(spec.fits, context);
  const { units: before, candidates } = tried(spec, context, tuning.configurations.length);
  const lists = tuning.configurations.map((_, list): Proposals => {
    const task = spec.key.scope === 'single-task' ? list : undefined;
    const scores = scoresOf(tuning, task);
    return spec.method === 'halving'
      ? promoted(spec, scores, before[list], candidates[list])
      : improved(spec, list, scores, before[list]);
  });
  const configurations = lists.map(({ units, numbers }, list) =>
    units.map((unit, i) =>
      // Halving over folds goes on with what there was, bit for bit, wherever it came from.
      spec.method === 'halving' && spec.resource === undefined
        ? (tuning.configurations[list][numbers[i]] ?? proposedConfiguration(spec, list, unit))
        : resourced(spec, tuning, list, numbers[i], unit),
    ),
  );
  context.writer.append({
    kind: 'result',
    result: {
      configurations,
      numbers: lists.map(({ numbers }) => numbers),
      units: lists.map(({ units }) => units),
    },
  });
}

/** The same configuration with more of the resource; of a Bayesian search, a new one. */
function resourced(spec: SearchTrial, tuning: Tuning, list: number, number: number, unit: readonly number[]) {
  const known = spec.resource && tuning.configurations[list][number];
  if (spec.resource === undefined || known === undefined) return proposedConfiguration(spec, list, unit);
  const { parameter, value } = spec.resource;
  return { ...known, parameters: { ...known.parameters, [parameter]: value } };
}

/** Mean over cells of the mean skill over tasks, or of one task's, of every configuration; null without any. */
function scoresOf({ skills, configurations }: Tuning, task: number | undefined): (number | null)[] {
  return configurations[0].map((_, c) => {
    const means = skills.flatMap((cell) => {
      const own = task === undefined ? cell[c] : [cell[c][task]];
      const defined = own.filter((value) => value !== null && !Number.isNaN(value));
      return defined.length === 0
        ? []
        : defined.reduce<number>((sum, value) => sum + (value ?? 0), 0) / defined.length;
    });
    return means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
  });
}

interface Tried {
  /** Where every configuration so far lies, by its number: the draws, then what earlier barriers proposed. */
  readonly units: number[][][];
  /** Numbers of those of the rung before. */
  readonly candidates: (readonly number[])[];
}

function tried(spec: SearchTrial, { run }: TrialContext, lists: number): Tried {
  const drawn = Array.from({ length: spec.space.drawn }, (_, i) => i);
  const units = Array.from({ length: lists }, (_, list) => drawn.map((i) => drawnUnit(spec.space, list, i)));
  const candidates: (readonly number[])[] = units.map(() => drawn);
  for (const trial of spec.after) {
    const other = run.spec(trial);
    if (other.kind !== 'search') continue;
    const found = resultOf(upstream(run, trial), searchResult);
    found.numbers.forEach((numbers, list) => {
      candidates[list] = numbers;
      numbers.forEach((number, i) => {
        units[list][number] = [...found.units[list][i]];
      });
    });
  }
  return { units, candidates };
}

/** Halving: the best of the rung before. */
function promoted(
  spec: SearchTrial,
  scores: readonly (number | null)[],
  units: readonly (readonly number[])[],
  candidates: readonly number[],
): Proposals {
  const numbers = promote(scores, candidates, spec.count);
  return { numbers, units: numbers.map((number) => units[number]) };
}

function improved(
  spec: SearchTrial,
  list: number,
  scores: readonly (number | null)[],
  units: readonly (readonly number[])[],
): Proposals {
  const points = units.map((unit, c) => ({ unit, score: scores[c] ?? null }));
  const seed = seedFrom(spec.space.seed, 'rung', spec.rung);
  const proposed = propose(spaceOf(spec.space, list), points, spec.count, seed);
  return { units: proposed, numbers: proposed.map((_, i) => spec.first + i) };
}
