import * as z from 'zod';
import type { TrainingCheckpoint } from '../learner';
import type { MemberState } from './member';
import type { StackState } from './train';

const ARRAYS = ['parameters', 'first', 'second', 'kept'] as const;

const headerSchema = z.object({
  learner: z.literal('neural'),
  stacks: z.array(
    z.object({
      epoch: z.int(),
      steps: z.int(),
      members: z.array(
        z.object({
          keptEpoch: z.int(),
          /** Null: nothing was measured yet. */
          lowest: z.number().nullable(),
          renewedAt: z.int(),
          ended: z.boolean(),
          converged: z.boolean(),
        }),
      ),
    }),
  ),
});

/** The states of a fit's stacks, those that are done first and the one in training last. */
export function writeCheckpoint(states: readonly StackState[]): TrainingCheckpoint {
  const arrays: Record<string, Float32Array | Float64Array | Int32Array | Uint32Array> = {};
  const stacks = states.map(({ epoch, steps, order, shuffling, dropping, members }, s) => {
    Object.assign(arrays, {
      [`${s}.order`]: order,
      [`${s}.shuffling`]: shuffling,
      [`${s}.dropping`]: dropping,
    });
    const headers = members.map((member, m) => {
      for (const name of ARRAYS) arrays[`${s}.${m}.${name}`] = member[name];
      arrays[`${s}.${m}.weighting`] = member.weighting;
      const { keptEpoch, lowest, renewedAt, ended, converged } = member;
      return { keptEpoch, lowest: Number.isFinite(lowest) ? lowest : null, renewedAt, ended, converged };
    });
    return { epoch, steps, members: headers };
  });
  return { header: { learner: 'neural', stacks }, arrays };
}

/** @throws ZodError or RangeError when it is not what `writeCheckpoint` made */
export function readCheckpoint({ header, arrays }: TrainingCheckpoint): readonly StackState[] {
  const take = <A>(name: string, type: new (length: number) => A): A => {
    const array: unknown = arrays[name];
    if (array instanceof type) return array;
    throw new RangeError(`The checkpoint's array '${name}' is missing. Train from the start.`);
  };
  return headerSchema.parse(header).stacks.map(({ epoch, steps, members }, s) => ({
    epoch,
    steps,
    order: take(`${s}.order`, Int32Array),
    shuffling: take(`${s}.shuffling`, Uint32Array),
    dropping: take(`${s}.dropping`, Uint32Array),
    members: members.map(({ lowest, ...member }, m): MemberState => {
      const [parameters, first, second, kept] = ARRAYS.map((name) => take(`${s}.${m}.${name}`, Float32Array));
      const weighting = take(`${s}.${m}.weighting`, Float64Array);
      return { ...member, lowest: lowest ?? Infinity, parameters, first, second, kept, weighting };
    }),
  }));
}
