/** What scoring and comparing cannot work with; always a mistake of the caller, never of the data's owner. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';

  constructor(
    readonly code: 'shape' | 'class-code' | 'no-constant' | 'unknown-baseline' | 'unknown-metric',
    message: string,
  ) {
    super(message);
  }
}
