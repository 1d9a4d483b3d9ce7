import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startRun } from '../../../src/jobs';
import { type RunFolder, RunStore, readAttempts, StepFile } from '../../../src/store';
import { bundles, withoutTimes, writeExperiment } from './experiments';

const built = bundles();

// As often as the first checkpoint can be: however fast the machine, the training is not over before it.
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
  net: { kind: neural, hidden: [48, 32], dropout: 0.2, epochs: 300, patience: 300, batch_size: 16, lambda: [0.1, 0.001] }
`,
  );
  return net;
}

it('a net whose worker is killed goes on from its checkpoint, to the last digit', async () => {
  const path = writeNet();
  const start = (options: Partial<Parameters<typeof startRun>[0]> = {}) =>
    startRun({ experimentPath: path, workers: 1, workerPath: built().worker, ...options });
  let folder: RunFolder | undefined;
  let killed: { trial: string; pid: number } | undefined;
  const disturbed = await start({
    onRun: ({ store, run }) => {
      folder = RunStore.open(store).run(run);
    },
    onProgress: () => {
      if (killed || !folder) return;
      killed = atCheckpoint(folder);
      if (killed) process.kill(killed.pid, 'SIGKILL');
    },
  });
  if (!killed || !folder) throw new Error('No checkpoint was written.');
  expect(disturbed.failures).toEqual([]);
  const [first, second] = readAttempts(folder, killed.trial);
  expect(first.end).toBeUndefined();
  const begun = second.events.find(({ kind }) => kind === 'start');
  expect(begun).toMatchObject({ resumedFrom: { attempt: 0 } });
  // It has the whole story, and nobody needs the checkpoint any more.
  const steps = new StepFile(folder.attemptSteps(killed.trial, 1));
  steps.refresh();
  expect([...steps.groups().keys()].map((group) => steps.rows(group))).toContain(300);
  expect(
    readdirSync(folder.path('trials', killed.trial)).filter((name) => /checkpoint|part$/.test(name)),
  ).toEqual([]);

  const undisturbed = await start({ reuse: false });
  expect(withoutTimes(disturbed.leaderboard)).toEqual(withoutTimes(undisturbed.leaderboard));
});

/** A trial under way that has a checkpoint, and its process. */
function atCheckpoint(folder: RunFolder): { trial: string; pid: number } | undefined {
  for (const trial of folder.trials()) {
    if (!readdirSync(folder.path('trials', trial)).includes('0.checkpoint')) continue;
    const [{ events, end }] = readAttempts(folder, trial);
    const begun = events.find((event) => event.kind === 'start');
    if (!end && begun?.kind === 'start') return { trial, pid: begun.pid };
  }
  return undefined;
}
