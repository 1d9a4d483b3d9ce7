import { describe, expect, it } from 'vitest';
import { groupedWarnings } from '../../../webview/warningsData';

describe('warnings of a run', () => {
  it('are said once where many fits say the same, with how many', () => {
    const same = 'No training row has a label for task "z": it is not predicted.';
    expect(
      groupedWarnings([
        `l fold 1: ${same}`,
        'l fold 2: it did not converge',
        `l fold 2: ${same}`,
        `l refit: ${same}`,
        'f fold 1 failed: it was killed',
        'f fold 2 failed: it was killed',
        'no place',
      ]),
    ).toEqual([
      { words: `3 fits: ${same}`, fits: ['l fold 1', 'l fold 2', 'l refit'] },
      { words: 'l fold 2: it did not converge', fits: [] },
      { words: '2 fits failed: it was killed', fits: ['f fold 1', 'f fold 2'] },
      { words: 'no place', fits: [] },
    ]);
  });

  it('are told apart from failures that say the same', () => {
    expect(groupedWarnings(['a fold 1: x', 'a fold 2 failed: x']).map(({ words }) => words)).toEqual([
      'a fold 1: x',
      'a fold 2 failed: x',
    ]);
  });
});
