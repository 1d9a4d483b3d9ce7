import { outsideForms } from './outside';

/** Flags that ask for the sweep a run keeps in its record; empty where it ran the whole experiment. */
export async function sweepFlags(sweep: unknown): Promise<readonly string[]> {
  if (sweep === undefined || sweep === null) return [];
  const { sweepAsWritten, sweepByFlags } = await outsideForms();
  if (sweepAsWritten.safeParse(sweep).success) return ['--sweep-json', JSON.stringify(sweep)];
  const { model, ...rest } = sweepByFlags.parse(sweep);
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return [`--sweep=${model}`, ...given.flatMap(([name, value]) => [`--${name}`, String(value)])];
}
