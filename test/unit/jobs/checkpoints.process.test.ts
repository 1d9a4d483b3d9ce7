import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startRun } from '../../../src/jobs';
import { type RunFolder, RunStore, readAttempts, StepFile } from '../../../src/store';
import { bundles, holdFirst, withoutTimes, writeExperiment } from './experiments';

const built = bundles();

// A checkpoint an epoch: that of the epoch at which the training is held is there.
process.env.TASKWEAVE_CHECKPOINT_SECONDS = '0';

/** One net of one task that trains for some seconds a trial, by the plain kernels. */
function writeNet(): string {
  const path = writeExperiment(built(), { rows: 480 });
  const net = join(dirname(path), 'net.mtl.yaml');
  writeFileSync(
    net,
    `data: { source: table.csv, test: 0.25, folds: 2, seed: 7, exclude: [kind, flag] }
tasks: { size: { target: size } }
models:
  net: { kind: neural, hidden: [48, 32], dropout: 0.2, epochs: 60, patience: 60, batch_size: 16, lambda: [0.1, 0.001] }
`,
  );
  return net;
}

it('a net whose worker is killed goes on from its checkpoint, to the last digit', async () => {
  const path = writeNet();
  const start = (options: Partial<Parameters<typeof startRun>[0]> = {}) =>
    startRun({ experimentPath: path, workers: 1, workerPath: built().worker, ...options });
  let folder: RunFolder | undefined;
  const held = holdFirst('checkpoint');
  let killed: string | undefined;
  const disturbed = await start({
    onRun: ({ store, run }) => {
      folder = RunStore.open(store).run(run);
    },
    onProgress: () => {
      if (killed || !folder || held.pid() === 0) return;
      killed = trialOf(folder, held.pid());
      process.kill(held.pid(), 'SIGKILL');
    },
  });
  if (!killed || !folder) throw new Error('No training was held.');
  expect(disturbed.failures).toEqual([]);
  const [first, second] = readAttempts(folder, killed);
  expect(first.end).toBeUndefined();
  const begun = second.events.find(({ kind }) => kind === 'start');
  expect(begun).toMatchObject({ resumedFrom: { attempt: 0 } });
  // It has the whole story, and nobody needs the checkpoint any more.
  const steps = new StepFile(folder.attemptSteps(killed, 1));
  steps.refresh();
  expect([...steps.groups().keys()].map((group) => steps.rows(group))).toContain(60);
  expect(readdirSync(folder.path('trials', killed)).filter((name) => /checkpoint|part$/.test(name))).toEqual(
    [],
  );

  const undisturbed = await start({ reuse: false });
  expect(withoutTimes(disturbed.leaderboard)).toEqual(withoutTimes(undisturbed.leaderboard));
});

/** The trial that a process is at. */
function trialOf(folder: RunFolder, pid: number): string | undefined {
  return folder.trials().find((trial) => {
    const last = readAttempts(folder, trial).at(-1);
    return !last?.end && last?.events.some((event) => event.kind === 'start' && event.pid === pid);
  });
}
