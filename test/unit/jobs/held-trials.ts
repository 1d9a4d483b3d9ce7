/**
 * Stands in for `src/jobs/trials` in the workers of tests that interrupt a run: one trial waits, in whatever worker comes
 * to it first, until the test has done what it came for. No test then depends on how fast a machine is.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TrialSpec } from '../../../src/core/experiment';
import { runTrial as run, type TrialCheckpoints, type TrialContext } from '../../../src/jobs/trials';

export { findCheckpoint, TrialCheckpoints } from '../../../src/jobs/trials';

const HOLD = process.env.TASKWEAVE_TEST_HOLD;
/** Epochs of a training that is held at a checkpoint. */
const EPOCHS_BEFORE = 20;

export async function runTrial(spec: TrialSpec, context: TrialContext): Promise<void> {
  if (HOLD === undefined || !existsSync(HOLD)) return run(spec, context);
  const wanted = readFileSync(join(HOLD, 'wanted'), 'utf8');
  if (wanted === 'checkpoint') return run(spec, { ...context, checkpoints: holding(context, HOLD) });
  if (wanted === spec.kind && claim(HOLD)) {
    while (!existsSync(join(HOLD, 'released'))) await setTimeout(5, undefined, { signal: context.signal });
  }
  return run(spec, context);
}

/** A training does not return to its event loop: this process sleeps, checkpoint written, until it is killed. */
function holding({ checkpoints }: TrialContext, folder: string): TrialCheckpoints {
  const begin = checkpoints.begin.bind(checkpoints);
  let offers = 0;
  checkpoints.begin = (learner) => {
    const part = begin(learner);
    if ('models' in part) return part;
    const offer: typeof part.checkpoints.offer = (take) => {
      part.checkpoints.offer(take);
      if (++offers !== EPOCHS_BEFORE || !claim(folder)) return;
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    };
    return { checkpoints: { ...part.checkpoints, offer } };
  };
  return checkpoints;
}

/** Whether this process is the first; it says so by its number. */
function claim(folder: string): boolean {
  try {
    writeFileSync(join(folder, 'held'), String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
