import { describe, expect, it } from 'vitest';
import { OpenedReports } from '../../../src/extension/panels/opened-reports';
import { EXPERIMENT } from './support';

/** The editor's memory of a workspace, and what it held after each change. */
function remembering(kept?: unknown) {
  let value = JSON.parse(JSON.stringify(kept ?? null)) ?? undefined;
  const memory = {
    get: () => value,
    update: async (_key: string, to: unknown) => {
      value = JSON.parse(JSON.stringify(to));
    },
  };
  return { memory, kept: () => value };
}
const run = (n: number) => `20261123-101500-${n.toString(16).padStart(6, '0')}`;
const reportOf = (n: number) => ({ experiment: EXPERIMENT, run: run(n) });

describe('reports that the editor restores', () => {
  it('are known by the titles of their tabs, in another window of the same workspace too', async () => {
    const { memory } = remembering();
    const before = new OpenedReports(memory);
    await before.keep('Report of 1', reportOf(1));
    await before.keep('Report of 2', reportOf(2));
    const after = new OpenedReports(memory);
    expect(await after.of('Report of 1')).toEqual(reportOf(1));
    expect(await after.of('Report of 2')).toEqual(reportOf(2));
    expect(await after.of('Report of 3')).toBeUndefined();
  });

  it('are kept once each, and the oldest forgotten', async () => {
    const { memory, kept } = remembering();
    const opened = new OpenedReports(memory);
    for (let n = 0; n < 60; n++) await opened.keep(`Report of ${n}`, reportOf(n));
    await opened.keep('Report of 59', reportOf(59));
    expect(kept()).toHaveLength(50);
    expect(await opened.of('Report of 9')).toBeUndefined();
    expect(await opened.of('Report of 10')).toEqual(reportOf(10));
  });

  it.each([
    ['a run that is a flag', [{ title: 'T', experiment: EXPERIMENT, run: '--out' }]],
    ['a run that is a path', [{ title: 'T', experiment: EXPERIMENT, run: `../${run(1)}` }]],
    ['no experiment', [{ title: 'T', run: run(1) }]],
    ['another form', { title: 'T' }],
  ])('are not taken from a memory with %s', async (_what, kept) => {
    expect(await new OpenedReports(remembering(kept).memory).of('T')).toBeUndefined();
  });
});
