import * as z from 'zod';

/** A neural model's keys in an experiment file, without `kind` and `lambda`. */
export const neuralParameters = z.strictObject({
  architecture: z
    .literal('shared-bottom')
    .default('shared-bottom')
    .describe(
      'How the tasks share: `shared-bottom` is one stack of layers for all tasks and a linear head a task.',
    ),
  hidden: z
    .array(z.int().min(1).max(16_384))
    .max(16)
    .default([64, 32])
    .describe('Widths of the shared layers, first to last. `[]` is a linear model.'),
  activation: z.enum(['relu', 'tanh']).default('relu').describe('Function after every shared layer.'),
  epochs: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Passes over the training rows; with `early_stopping`, the most there can be.'),
  batch_size: z.int().min(1).default(64).describe('Rows a step; the last of an epoch may have fewer.'),
  learning_rate: z.number().positive().default(0.002).describe('Step size of the optimizer.'),
  optimizer: z
    .enum(['adam', 'sgd'])
    .default('adam')
    .describe('`adam`, or `sgd` (stochastic gradient descent).'),
  momentum: z.number().min(0).lt(1).default(0.9).describe('Momentum of `sgd`; `adam` does not use it.'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Fraction of the units of every shared layer that a training step leaves out.'),
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
