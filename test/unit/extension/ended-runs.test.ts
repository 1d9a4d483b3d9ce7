import { describe, expect, it } from 'vitest';
import { differingScores, EndedRuns, secondsOf } from '../../../src/extension/ended-runs';
import { tagsOf } from '../../../src/extension/run-marks-text';
import { board, summary } from './support';

describe('runs that end', () => {
  it('are those that were seen going, each told once', () => {
    const ended = new EndedRuns(Date.parse('2100-01-01'));
    const running = summary({ status: 'running', ended: null });
    expect(ended.update([running, summary({ run: 'old' })])).toEqual([]);
    expect(ended.update([summary(), summary({ run: 'old' })]).map(({ run }) => run)).toEqual(['r1']);
    expect(ended.update([summary()])).toEqual([]);
    expect(secondsOf(summary())).toBe(60);
  });

  it('are also those that began and ended between two looks', () => {
    const ended = new EndedRuns(Date.parse('2026-01-02T00:00:00Z'));
    const before = summary({ run: 'old', started: '2026-01-01T23:00:00Z' });
    expect(ended.update([before])).toEqual([]);
    const after = summary({ run: 'quick', started: '2026-01-02T00:00:01Z' });
    expect(ended.update([after, before]).map(({ run }) => run)).toEqual(['quick']);
    expect(ended.update([after, before])).toEqual([]);
  });

  it('are not those that nobody is at work on yet', () => {
    const ended = new EndedRuns(Date.parse('2026-01-02T00:00:00Z'));
    const run = { run: 'new', started: '2026-01-02T00:00:01Z' };
    expect(ended.update([summary({ ...run, status: 'interrupted', ended: null })])).toEqual([]);
    expect(ended.update([summary(run)]).map(({ status }) => status)).toEqual(['completed']);
    const going = summary({ run: 'killed', status: 'running', ended: null });
    ended.update([going]);
    expect(ended.update([{ ...going, status: 'interrupted' }]).map(({ status }) => status)).toEqual([
      'interrupted',
    ]);
  });
});

describe('a repeated run', () => {
  it('is compared score by score', () => {
    const same = differingScores(board(), board());
    expect(same.differing).toBe(0);
    expect(same.total).toBeGreaterThan(4);
    const other = board();
    other.rows[0].scores.sex.auc = 0.5;
    expect(differingScores(board(), other).differing).toBe(1);
  });
});

describe('tags', () => {
  it('are parted by commas, without their sign and each once', () => {
    expect(tagsOf('a, #b ,, a,two words')).toEqual(['a', 'b', 'two words']);
    expect(tagsOf(' ')).toEqual([]);
  });
});
