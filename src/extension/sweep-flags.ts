import * as z from 'zod/mini';

/** A sweep of λ as the command line is asked for it; what was not given is left out. */
const byFlags = z.object({
  model: z.string(),
  points: z.number(),
  from: z.optional(z.number()),
  to: z.optional(z.number()),
  folds: z.optional(z.number()),
  rule: z.optional(z.string()),
});
const asWritten = z.looseObject({ model: z.string(), over: z.record(z.string(), z.unknown()) });

/** Flags that ask for the sweep a run keeps in its record; empty where it ran the whole experiment. */
export function sweepFlags(sweep: unknown): readonly string[] {
  if (sweep === undefined || sweep === null) return [];
  if (asWritten.safeParse(sweep).success) return ['--sweep-json', JSON.stringify(sweep)];
  const { model, ...rest } = byFlags.parse(sweep);
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return [`--sweep=${model}`, ...given.flatMap(([name, value]) => [`--${name}`, String(value)])];
}
