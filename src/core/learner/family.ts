import type * as z from 'zod';
import type { Learner } from './learner';

/** A family of base models as an experiment file knows it: the editor loads this, and none of the code that trains. */
export interface Family extends Pick<Learner, 'kind' | 'capabilities' | 'singleTaskTwin'> {
  /** The family's own keys in a model's entry (without `kind` and `lambda`), defaults included. */
  readonly parameters: z.ZodObject;
}
