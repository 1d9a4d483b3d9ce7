import * as z from 'zod';
import type { Task } from '../dataset/problem';
import type { JsonValue } from './learner';

const taskHeader = z.array(
  z.strictObject({
    id: z.string(),
    type: z.enum(['regression', 'binary', 'multiclass']),
    weight: z.number(),
    classes: z.array(z.string()),
  }),
);

/** Tasks as a serialised model's header keeps them. */
export function tasksToJSON(tasks: readonly Task[]): JsonValue {
  return tasks.map(({ id, type, weight, classes }) => ({ id, type, weight, classes: [...classes] }));
}

/** @throws ZodError when the header holds no tasks */
export function tasksFromJSON(header: unknown): readonly Task[] {
  return taskHeader.parse(header);
}
