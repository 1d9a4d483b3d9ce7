import { describe, expect, it } from 'vitest';
import { sweepFlags } from '../../../src/extension/sweep-flags';

describe('the sweep of a run that is repeated', () => {
  it('is asked for as it was: by flags, as written, or not at all', async () => {
    expect(await sweepFlags(undefined)).toEqual([]);
    expect(await sweepFlags({ model: 'ridge', points: 7, from: 2, folds: 3 })).toEqual([
      '--sweep=ridge',
      '--points',
      '7',
      '--from',
      '2',
      '--folds',
      '3',
    ]);
    const written = { model: 'net', over: { lambda: [1, 0.1] }, rule: 'best' };
    expect(await sweepFlags(written)).toEqual(['--sweep-json', JSON.stringify(written)]);
  });

  it('is not taken for the whole experiment where it is not understood', async () => {
    await expect(sweepFlags({ points: 3 })).rejects.toThrow();
  });
});
