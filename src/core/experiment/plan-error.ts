/** An experiment that cannot be planned: the message says of which model and what to write. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  constructor(
    readonly code:
      | 'unknown-learner'
      | 'no-lambda-max'
      | 'no-tasks'
      | 'unknown-model'
      | 'too-many-tasks'
      | 'over-budget'
      | 'no-resource'
      | 'not-extendable',
    message: string,
  ) {
    super(message);
  }
}
