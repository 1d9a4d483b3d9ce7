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
  // Whether there is something outside is not told either.
  if (!isInside(folder, real ?? file)) {
    throw new GrantError(
      'outside-folder',
      `${path} is outside ${folder}, the folder this server was started for.`,
    );
  }
  if (real === undefined) throw new GrantError('not-an-experiment', `${file} does not exist.`);
  return real;
}

function isInside(folder: string, file: string): boolean {
  const inside = relative(folder, file);
  return !inside.startsWith('..') && !isAbsolute(inside);
}

/** Undefined where there is no such file. */
function realpath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

/**
 * CPU seconds of a grant, handed out to launches. What a launch was handed is gone, used or not: the bound stays hard.
 * Only a launch that never began gives its share back.
 */
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

  /** The launch that was handed these trained nothing. */
  giveBack(cpuSeconds: number): void {
    this.left += cpuSeconds;
  }
}
