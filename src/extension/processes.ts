/**
 * The processes that do the work: the command line as a detached coordinator, as a short question, and the query
 * worker. Nothing is trained or read from a store in the extension host itself.
 */
import type { ChildProcess, ForkOptions, SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import type { QueryChild } from './query-client';

/** What is taken from outside, so that unit tests can stand in for it. */
export interface ProcessEnvironment {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  fork(module: string, args: readonly string[], options: ForkOptions): ChildProcess;
  /** Lets a process, and those it starts, come after the editor. */
  giveWay(pid: number): void;
  /** Opens (creating) a file for appending and returns its descriptor; `close` gives it back. */
  openLog(name: string): { readonly descriptor: number; readonly path: string; close(): void };
  readonly variables: NodeJS.ProcessEnv;
  /** The editor's own executable. */
  readonly execPath: string;
  /** Folder of the bundles. */
  readonly distFolder: string;
  /** Setting `taskweave.nodePath`; empty: the editor's own. */
  nodePath(): string;
}

export interface Captured {
  /** Null when it could not be started or was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Launched {
  readonly pid: number | undefined;
  /** Where its output goes. */
  readonly logPath: string;
  /** Resolves when it ends while this host lives; the run itself does not depend on that. */
  readonly ended: Promise<{ readonly code: number | null; readonly error?: string }>;
  /** Asks it to end. */
  kill(): void;
}

const CAPTURE_LIMIT = 32 * 1024 * 1024;

export class Processes {
  constructor(private readonly environment: ProcessEnvironment) {}

  /** Starts `taskweave ...args` so that it outlives this host; its output goes to a log file, never to a pipe of ours. */
  launch(args: readonly string[], cwd: string): Launched {
    const log = this.environment.openLog(`${args[0]}.log`);
    try {
      const child = this.environment.spawn(this.node(), [this.bundle('cli.js'), ...args], {
        cwd,
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.descriptor, log.descriptor],
        env: this.variables(),
      });
      const ended = new Promise<{ code: number | null; error?: string }>((resolve) => {
        child.once('exit', (code) => resolve({ code }));
        child.once('error', (error) => resolve({ code: null, error: error.message }));
      });
      child.unref();
      if (child.pid !== undefined) this.environment.giveWay(child.pid);
      return { pid: child.pid, logPath: log.path, ended, kill: () => void child.kill() };
    } finally {
      log.close();
    }
  }

  /** Runs `taskweave ...args` to its end and gives back what it wrote. Never rejects. */
  capture(args: readonly string[], cwd: string, input?: string): Promise<Captured> {
    return new Promise((resolve) => {
      const child = this.environment.spawn(this.node(), [this.bundle('cli.js'), ...args], {
        cwd,
        windowsHide: true,
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        env: this.variables(),
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let size = 0;
      const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
        size += chunk.length;
        if (size > CAPTURE_LIMIT) child.kill();
        else chunks.push(chunk);
      };
      child.stdout?.on('data', keep(stdout));
      child.stderr?.on('data', keep(stderr));
      child.once('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }));
      child.once('close', (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  forkQueryWorker(onOutput: (text: string) => void): QueryChild {
    const child = this.environment.fork(this.bundle('query.js'), [], {
      execPath: this.node(),
      execArgv: [],
      env: this.variables(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
    return {
      send(message) {
        if (!child.connected) throw new Error('it has ended');
        child.send(message);
      },
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => {
        let told = false;
        const tell = (reason: string) => {
          if (!told) listener(reason);
          told = true;
        };
        child.once('exit', (code, signal) => tell(signal ?? `exit code ${code}`));
        child.once('error', (error) => tell(error.message));
      },
      kill: () => child.kill(),
    };
  }

  /** How `taskweave ...args` is started by others, the editor's tasks for one. */
  commandLine(args: readonly string[]): {
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  } {
    return {
      program: this.node(),
      args: [this.bundle('cli.js'), ...args],
      env: { ELECTRON_RUN_AS_NODE: '1' },
    };
  }

  private node(): string {
    return this.environment.nodePath() || this.environment.execPath;
  }

  private bundle(name: string): string {
    return join(this.environment.distFolder, name);
  }

  /** Electron runs as plain Node; another Node does not mind the variable. */
  private variables(): NodeJS.ProcessEnv {
    return { ...this.environment.variables, ELECTRON_RUN_AS_NODE: '1' };
  }
}
