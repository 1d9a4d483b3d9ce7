import { expect, it } from 'vitest';
import { resumeRun } from '../../../src/jobs';
import { ENGINE_VERSION } from '../../../src/jobs/version';
import { record, temporaryStore } from '../store/temporary';

it('a run of another engine is not gone on with: its numbers are not these', async () => {
  const store = temporaryStore();
  const old = record();
  store.createRun(old);
  const resumed = resumeRun({ store: store.root, run: old.run });
  await expect(resumed).rejects.toMatchObject({ code: 'engine-differs' });
  await expect(resumed).rejects.toThrow(
    `begun by engine 1 (Taskweave 0.1.0), this is engine ${ENGINE_VERSION}`,
  );
});
