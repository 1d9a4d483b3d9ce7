export { version as TASKWEAVE_VERSION } from '../../package.json';

/** Raised whenever the same trial would give other numbers: it is part of every trial's id, and a run goes on only with its own. */
export const ENGINE_VERSION = '6';
