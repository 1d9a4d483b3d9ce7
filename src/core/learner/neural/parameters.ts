import * as z from 'zod';
import type { ParameterMistake } from '../family';
import type { JsonObject } from '../learner';

/** A neural model's keys in an experiment file, without `kind` and `lambda`. */
export const neuralParameters = z.strictObject({
  architecture: z
    .enum(['shared-bottom', 'mmoe', 'cgc', 'ple', 'cross-stitch', 'soft-sharing'])
    .default('shared-bottom')
    .describe(
      'How the tasks share: `shared-bottom`, one stack of layers for all tasks; `mmoe`, experts that every task mixes by a gate of its own; `cgc`, shared experts and experts of each task, mixed by a gate a task; `ple`, the same layer by layer; `cross-stitch`, a net a task, mixed after every layer; `soft-sharing`, a net a task, pulled together.',
    ),
  hidden: z
    .array(z.int().min(1).max(16_384))
    .max(16)
    .default([64, 32])
    .describe(
      'Widths of the shared layers (of every expert, of every task’s net), first to last. `[]` is a linear model.',
    ),
  tower: z
    .array(z.int().min(1).max(16_384))
    .max(16)
    .default([])
    .describe('Widths of each task’s own layers, between what it shares and its head.'),
  experts: z.int().min(1).max(64).default(4).describe('Experts that all tasks use (`mmoe`, `cgc`, `ple`).'),
  task_experts: z.int().min(1).max(64).default(1).describe('Experts of each task alone (`cgc`, `ple`).'),
  tie_heads: z
    .boolean()
    .default(false)
    .describe(
      '`soft-sharing` pulls heads together too, so that a large strength gives one pooled net; for tasks of one type and width.',
    ),
  embedding: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe(
      'Width of a learned vector a category, for every categorical feature with more categories than that; 0 reads one-hot columns.',
    ),
  activation: z.enum(['relu', 'tanh']).default('relu').describe('Function after every hidden layer.'),
  normalization: z
    .enum(['none', 'layer', 'batch'])
    .default('none')
    .describe('Normalisation of every hidden layer before its activation.'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Fraction of the units of every hidden layer that a training step leaves out.'),
  lambda_on: z
    .enum(['weights', 'sharing', 'heads'])
    .default('weights')
    .describe(
      'What `lambda` weighs: `weights`, the squares of all weights (λ is `weight_decay`); `sharing`, how far the tasks’ nets are from their mean (`sharing_strength` of `soft-sharing`); `heads`, the squares of the heads’ weights (`head_penalty`).',
    ),
  weight_decay: z
    .number()
    .min(0)
    .default(0)
    .describe('Weight of ½‖W‖² over all weights, where `lambda` is not that.'),
  sharing_strength: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Weight of ½ Σ_t ‖θ_t − θ‖² between the tasks’ nets (`soft-sharing`), where `lambda` is not that.',
    ),
  head_penalty: z
    .number()
    .min(0)
    .default(0)
    .describe('Weight of ½‖W‖² over the heads’ weights, where `lambda` is not that.'),
  weighting: z
    .enum(['fixed', 'uncertainty', 'gradnorm', 'pcgrad', 'dwa'])
    .default('fixed')
    .describe(
      'How the tasks’ losses are weighed, beyond each task’s `weight`: `fixed`; `uncertainty`, by a learned variance a task; `gradnorm`, so that tasks train at one rate; `pcgrad`, gradients that conflict are projected; `dwa`, more to the losses that fall slowly.',
    ),
  epochs: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Passes over the training rows; with `early_stopping`, the most there can be.'),
  batch_size: z.int().min(1).default(64).describe('Rows a step; the last of an epoch may have fewer.'),
  learning_rate: z.number().positive().default(0.002).describe('Step size of the optimizer.'),
  schedule: z
    .enum(['constant', 'cosine', 'step'])
    .default('constant')
    .describe(
      'How the step size changes over the epochs: `cosine`, down to zero at the last of `epochs`; `step`, times `schedule_factor` every `schedule_epochs`.',
    ),
  schedule_epochs: z.int().min(1).default(30).describe('Epochs between two steps of the `step` schedule.'),
  schedule_factor: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe('Factor of the step size at each step of the `step` schedule.'),
  optimizer: z
    .enum(['adam', 'adamw', 'sgd'])
    .default('adam')
    .describe(
      '`adam`; `adamw`, with weight decay apart from the gradient; or `sgd` (stochastic gradient descent).',
    ),
  momentum: z.number().min(0).lt(1).default(0.9).describe('Momentum of `sgd`; the others do not use it.'),
  clip: z
    .number()
    .min(0)
    .default(0)
    .describe('Longest gradient of the losses: a longer one is scaled down to it. 0: any length.'),
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Another number draws other initial weights, from the same seed of the experiment: for a sweep over starts.',
    ),
  early_stopping: z
    .boolean()
    .default(true)
    .describe(
      'Stop when rows held out of the training rows are predicted no better, and keep the best weights.',
    ),
  patience: z
    .int()
    .min(1)
    .default(20)
    .describe('Epochs without improvement on the held-out rows before `early_stopping` stops.'),
  validation_fraction: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.1)
    .describe('Fraction of the training rows that `early_stopping` holds out.'),
});

export type NeuralParameters = z.infer<typeof neuralParameters>;

/** Strengths of sharing weigh nothing where the architecture has nothing to pull together. */
export function neuralMistakes(parameters: JsonObject): ParameterMistake[] {
  const { architecture, lambda_on, sharing_strength } = neuralParameters.parse(parameters);
  if (architecture === 'soft-sharing') return [];
  const found: ParameterMistake[] = [];
  if (lambda_on === 'sharing') {
    found.push({
      key: 'lambda_on',
      severity: 'warning',
      message: `λ has no effect: it weighs the sharing of \`soft-sharing\`, and the architecture is "${architecture}"`,
      remedy: 'write "weights" or "heads", or `architecture: soft-sharing`',
      replacement: 'weights',
    });
  }
  if (sharing_strength > 0) {
    found.push({
      key: 'sharing_strength',
      severity: 'warning',
      message: `\`sharing_strength\` has no effect: the architecture is "${architecture}"`,
      remedy: 'take it out, or write `architecture: soft-sharing`',
    });
  }
  return found;
}
