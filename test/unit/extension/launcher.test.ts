import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type LaunchError, Launcher } from '../../../src/extension/launcher';
import { Processes } from '../../../src/extension/processes';
import type { Target } from '../../../src/extension/target';
import { EXPERIMENT, FOLDER, ManualTimers } from './support';

class FakeProcess extends EventEmitter {
  readonly pid = 4711;
  stdout = new EventEmitter();
  stderr = new EventEmitter();
  stdin = null;
  unref(): void {}
}

function setup() {
  const timers = new ManualTimers();
  const started: { command: string; args: readonly string[]; options: SpawnOptions; child: FakeProcess }[] =
    [];
  const failures: LaunchError[] = [];
  const about: Target[] = [];
  const gaveWay: number[] = [];
  const state = { log: '' };
  const processes = new Processes({
    spawn: (command, args, options) => {
      const child = new FakeProcess();
      started.push({ command, args, options, child });
      return child as unknown as ChildProcess;
    },
    fork: () => {
      throw new Error('not here');
    },
    giveWay: (pid) => gaveWay.push(pid),
    openLog: (name) => ({ descriptor: 9, path: `/logs/${name}`, close: () => undefined }),
    variables: { PATH: '/bin' },
    execPath: '/editor',
    distFolder: '/ext/dist',
    nodePath: () => '',
  });
  const launcher = new Launcher(
    {
      processes,
      readLog: async () => state.log,
      workers: () => 3,
      onFailure: (error, target) => {
        failures.push(error);
        about.push(target);
      },
      log: () => undefined,
    },
    timers,
  );
  return { timers, started, gaveWay, failures, about, state, launcher };
}

describe('the launcher', () => {
  it('starts a detached coordinator whose output goes to a file, and gives back the run it announces', async () => {
    const { launcher, started, gaveWay, state, timers } = setup();
    const run = launcher.run(EXPERIMENT);
    await timers.advance(300);
    state.log = 'reading …\nRun 20261122-abc\n  /some/where\n';
    await timers.advance(200);
    expect(await run).toBe('20261122-abc');
    const [{ command, args, options }] = started;
    expect(command).toBe('/editor');
    expect(args).toEqual(['/ext/dist/cli.js', 'run', EXPERIMENT, '--workers', '3']);
    expect(options).toMatchObject({ detached: true, cwd: FOLDER, stdio: ['ignore', 9, 9] });
    expect(options.env).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
    expect(gaveWay).toEqual([4711]);
  });

  it('hands the sweep on as flags, leaving out what the form left empty', async () => {
    const { launcher, started, state, timers } = setup();
    state.log = 'Run x\n';
    const run = launcher.sweep(EXPERIMENT, { model: '--odd', from: 2.5, to: null, points: 7, folds: 4 });
    await timers.advance(100);
    await run;
    expect(started[0].args.slice(3)).toEqual([
      '--name=penguins λ --odd',
      '--sweep=--odd',
      '--points',
      '7',
      '--folds',
      '4',
      '--from',
      '2.5',
      '--workers',
      '3',
    ]);
  });

  it('says what the command line said last when it ends before there is a run', async () => {
    const { launcher, started, state, timers } = setup();
    const run = launcher.run(EXPERIMENT);
    const refused = expect(run).rejects.toMatchObject({ code: 'invalid', message: '2 errors' });
    state.log = 'penguins.mtl.yaml:3:5 unknown key\n2 errors\n';
    started[0].child.emit('exit', 2);
    await timers.advance(300);
    await refused;
  });

  it('tells of a run that ends badly later, but not of one that a person stopped', async () => {
    for (const [code, told] of [
      [1, 1],
      [130, 0],
      [0, 0],
    ] as const) {
      const { launcher, started, state, timers, failures } = setup();
      state.log = 'Run x\n';
      const run = launcher.run(EXPERIMENT);
      await timers.advance(100);
      await run;
      started[0].child.emit('exit', code);
      await timers.advance(100);
      expect(failures).toHaveLength(told);
    }
  });

  it('tells a run whose process was killed from one that ends badly: what it said last was how far it was', async () => {
    const { launcher, started, state, timers, failures, about } = setup();
    state.log = 'Run x\n4/25 fits · about 2 s left\n';
    const run = launcher.run(EXPERIMENT);
    await timers.advance(100);
    await run;
    started[0].child.emit('exit', null);
    await timers.advance(100);
    expect(failures).toMatchObject([{ code: 'killed', message: 'its process was ended from outside' }]);
    expect(about).toEqual([{ experiment: EXPERIMENT, run: 'x' }]);
  });
});
