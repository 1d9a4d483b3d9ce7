import { describe, expect, it, vi } from 'vitest';
import { cell } from '../../../src/cli/commands/importance';
import { failureOf } from '../../../src/cli/commands/leaderboard';
import { namesOfColumns } from '../../../src/cli/commands/predict';
import { printForecast } from '../../../src/cli/forecast-text';
import type { RunForecast } from '../../../src/jobs';

describe('the forecast of a run', () => {
  const said = (reused: number) => {
    const written: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    const forecast: RunForecast = {
      models: [],
      others: [],
      fits: 327,
      trials: 56,
      diagnostics: [],
      estimate: { seconds: 3, basis: 'guessed' },
      workers: 2,
      reused,
    };
    printForecast(forecast, false);
    write.mockRestore();
    return written.join('');
  };

  it('says a time for what is left, and none where all is done', () => {
    expect(said(0)).toContain('327 fits in 56 trials; about 3 s on 2 workers');
    expect(said(100)).toContain('100 of them are done already');
    expect(said(327)).toContain('all are done already, in earlier runs: nothing is left to fit');
    expect(said(327)).not.toContain('about');
  });
});

describe('an importance', () => {
  it('has a true minus sign, and none where it rounds to 0', () => {
    expect(cell(-0.0123, 0.002)).toBe('−0.0123 ± 0.0020');
    expect(cell(-0.00001)).toBe('0.0000');
    expect(cell(null)).toBe('–');
  });
});

describe('columns to keep', () => {
  it('are named one by one or separated by commas; a column whose name has a comma is one', () => {
    const columns = new Set(['id', 'city, country', 'name']);
    expect(namesOfColumns('city, country', columns)).toEqual(['city, country']);
    expect(namesOfColumns('id, name', columns)).toEqual(['id', 'name']);
  });
});

describe('why a model has no row', () => {
  it('is told by its own trials, not by those of a model whose name begins as its does', () => {
    const warnings = [
      'net (single-task) fold 1 failed: no memory',
      'net wide fold 2 failed: no time',
      'net fold 2 failed: no luck',
      'mean failed: no members',
    ];
    expect(failureOf('net', warnings)).toBe('net fold 2 failed: no luck');
    expect(failureOf('net (single-task)', warnings)).toBe(warnings[0]);
    expect(failureOf('mean', warnings)).toBe(warnings[3]);
    expect(failureOf('forest', warnings)).toBe('what it depends on failed');
  });
});
