import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

/** What the person who started the server lets an assistant do. */
export interface Grant {
  /** Nothing outside of it is read or run; a real path. */
  readonly folder: string;
  /** CPU seconds that all launches together may use; 0: none may be launched. */
  readonly cpuSeconds: number;
}

/** An assistant asked for more than it was granted; `message` says what, and who can grant it. */
export class GrantError extends Error {
  override readonly name = 'GrantError';
  constructor(
    readonly code: 'outside-folder' | 'not-an-experiment' | 'no-grant' | 'over-grant' | 'command-model',
    message: string,
  ) {
    super(message);
  }
}

/** The absolute path of an experiment file inside the granted folder, links followed. @throws GrantError */
export function grantedFile({ folder }: Grant, path: string): string {
  const file = resolve(folder, path);
  if (!/\.mtl\.(ya?ml|json)$/i.test(file)) {
    throw new GrantError('not-an-experiment', `${path} is not an experiment file (*.mtl.yaml).`);
  }
  const real = realpath(file);
  const inside = relative(folder, real);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new GrantError(
      'outside-folder',
      `${path} is outside ${folder}, the folder this server was started for.`,
    );
  }
  return real;
}

function realpath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    throw new GrantError('not-an-experiment', `${file} does not exist.`);
  }
}

/** CPU seconds of a grant, handed out to launches. What was handed out is gone, used or not: the bound stays hard. */
export class Allowance {
  private left: number;

  constructor({ cpuSeconds }: Grant) {
    this.left = cpuSeconds;
  }

  /** @throws GrantError */
  take(cpuSeconds: number): void {
    if (this.left <= 0) {
      throw new GrantError(
        'no-grant',
        'Launching is not granted. The person can start this server with `--allow-cpu-seconds <n>` to grant it.',
      );
    }
    if (cpuSeconds > this.left) {
      throw new GrantError(
        'over-grant',
        `${cpuSeconds} CPU seconds were asked for, and ${this.left} of the grant are left. Ask for less.`,
      );
    }
    this.left -= cpuSeconds;
  }
}
