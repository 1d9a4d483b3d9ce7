import { describe, expect, it } from 'vitest';
import { isPauseAsked, requestContinue, requestPause } from '../../../src/jobs';
import { plannedRun } from '../store/temporary';

describe('a pause', () => {
  it('is known as asked for before anyone has read it, until the run is told to go on', () => {
    const { store, run } = plannedRun();
    expect(isPauseAsked(store.root, run.run)).toBe(false);
    requestPause(store.root, run.run);
    expect(isPauseAsked(store.root, run.run)).toBe(true);
    requestContinue(store.root, run.run);
    expect(isPauseAsked(store.root, run.run)).toBe(false);
  });
});
