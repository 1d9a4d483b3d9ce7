import * as z from 'zod';
import type { JsonObject } from '../core/learner/learner';

/** A JSON object, as parameters are. */
export const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());
