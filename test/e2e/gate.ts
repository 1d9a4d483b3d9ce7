import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harnessPrograms } from '../harness/install.mjs';

/**
 * Holds the workers of a window's runs before their first trial, until it is opened: such a run is going for as long as a test
 * wants, on any machine, and then comes to its end. It stands in the Node that the setting names.
 */
export class Gate {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tw-gate-'));
  private readonly opened = join(this.folder, 'open');
  readonly settings = { 'taskweave.nodePath': join(this.folder, 'node') };

  constructor() {
    const script = join(this.folder, 'gate.cjs');
    writeFileSync(script, waiting(this.opened));
    writeFileSync(
      this.settings['taskweave.nodePath'],
      `#!/bin/sh\nexport NODE_OPTIONS='--require=${script}'\nexec '${harnessPrograms.node}' "$@"\n`,
    );
    chmodSync(this.settings['taskweave.nodePath'], 0o755);
  }

  open(): void {
    writeFileSync(this.opened, '');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a worker does with trials that it is given; without its coordinator it waits no longer. */
function waiting(opened: string): string {
  return `if (/[\\\\/]worker\\.js$/.test(process.argv[1] ?? '')) {
  const { existsSync } = require('node:fs');
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const { emit, ppid: parent } = process;
  process.emit = function (name, message, ...rest) {
    if (name === 'message' && message?.kind === 'packet') {
      while (!existsSync(${JSON.stringify(opened)}) && process.ppid === parent) Atomics.wait(nap, 0, 0, 50);
    }
    return emit.call(this, name, message, ...rest);
  };
}
`;
}
