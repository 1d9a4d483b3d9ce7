import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { lensesOf } from '../../../src/extension/editor/lenses';
import { outlineOf } from '../../../src/extension/outline';
import { EXPERIMENT, TEXT } from './support';

const parsed = parseExperiment(TEXT);
const outline = outlineOf(parsed.draft, ({ kind }) => ({
  lambda: kind === 'linear',
  lambdaMax: true,
  hyperparameters: [],
}));
const input = {
  path: EXPERIMENT,
  outline,
  going: undefined,
  hasRuns: false,
  trusted: true,
  locate: parsed.locate,
};
const titles = (lenses: ReturnType<typeof lensesOf>) =>
  lenses.map(({ line, title }) => `${line} ${title.replace(/\$\([a-z-]+\) /, '')}`);

describe('code lenses', () => {
  it('stand on the data line and on the line of every base model', () => {
    expect(titles(lensesOf(input))).toEqual([
      '1 Run',
      '1 Sweep λ',
      '1 Open metrics',
      '6 Sweep λ',
      '6 Open metrics',
      '7 Open metrics',
    ]);
  });

  it('offer Stop in the place of Run while a run is going', () => {
    const going = { run: 'r7', state: '40 %' };
    const [first] = lensesOf({ ...input, going });
    expect(first).toMatchObject({ command: 'taskweave.stop', target: { experiment: EXPERIMENT, run: 'r7' } });
    expect(first.title).toContain('Stop (40 %)');
    expect(titles(lensesOf({ ...input, going }))).not.toContain('1 Run');
    expect(titles(lensesOf({ ...input, going }))).toContain('1 Queue');
  });

  it('offer to resume a newest run that did not reach its end, beside a new one', () => {
    const resumable = { run: 'r8', state: 'interrupted at 16 %' };
    const lenses = lensesOf({ ...input, resumable });
    expect(titles(lenses).slice(0, 2)).toEqual(['1 Run', '1 Resume (interrupted at 16 %)']);
    expect(lenses[1]).toMatchObject({ command: 'taskweave.resume', target: { run: 'r8' } });
    for (const held of [{ trusted: false }, { going: { run: 'r9', state: '3 %' } }])
      expect(lensesOf({ ...input, resumable, ...held }).map(({ command }) => command)).not.toContain(
        'taskweave.resume',
      );
  });

  it('run and stop nothing in Restricted Mode', () => {
    const going = { run: 'r7', state: '40 %' };
    for (const lenses of [
      lensesOf({ ...input, trusted: false }),
      lensesOf({ ...input, trusted: false, going }),
    ]) {
      expect(lenses.map(({ command }) => command)).not.toContain('taskweave.run');
      expect(lenses.map(({ command }) => command)).not.toContain('taskweave.stop');
      expect(lenses.map(({ command }) => command)).not.toContain('taskweave.queueRun');
    }
  });

  it('carry the model they stand on', () => {
    expect(
      lensesOf(input)
        .filter(({ line }) => line === 6)
        .map(({ target }) => target.model),
    ).toEqual(['linear', 'linear']);
  });
});
