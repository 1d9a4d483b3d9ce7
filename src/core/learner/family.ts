import type * as z from 'zod';
import type { TaskType } from '../dataset/problem';
import type { JsonObject, Learner } from './learner';

/** Parameters that their schema allows one by one, and that do not go together. */
export interface ParameterMistake {
  /** The parameter it is said at. */
  readonly key: string;
  /** `error`: a fit would fail; `warning`: something written has no effect. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
  /** The value to write there instead. */
  readonly replacement?: string;
}

/** A family of base models as an experiment file knows it: the editor loads this, and none of the code that trains. */
export interface Family extends Pick<Learner, 'kind' | 'capabilities' | 'singleTaskTwin'> {
  /** The family's own keys in a model's entry (without `kind` and `lambda`), defaults included. */
  readonly parameters: z.ZodObject;
  /** What does not go together in parameters that the schema allows; absent: everything does. */
  mistakes?(parameters: JsonObject): readonly ParameterMistake[];
  /** Multiplications of a training step, a measure of size for the choice of a tensor backend; absent: it needs none. */
  tensorWork?(parameters: JsonObject): number;
  /** Bytes that a fit holds for each byte of the columns it learns from, about; absent: 1. */
  heldPerByte?(parameters: JsonObject, tasks: readonly TaskType[]): number;
  /** Columns that parameters name, which have to be features and numbers, as paths below the model; absent: none. */
  numericFeatures?(parameters: JsonObject): readonly (readonly string[])[];
  /** Paths below the model at which its parameters name tasks; absent: none. */
  taskNames?(parameters: JsonObject): readonly (readonly (string | number)[])[];
  /** Paths below the model whose last part is a task's name; absent: none. */
  taskKeys?(parameters: JsonObject): readonly (readonly string[])[];
  /** Pairs of tasks whose weights the parameters compare, with the paths below the model at which they stand; absent: none. */
  comparedTasks?(
    parameters: JsonObject,
  ): readonly { readonly path: readonly (string | number)[]; readonly tasks: readonly [string, string] }[];
  /**
   * Smallest target that a regression may have; undefined, or absent: any.
   * @param task absent: of any that the parameters do not name
   */
  leastTarget?(parameters: JsonObject, task?: string): number | undefined;
}
