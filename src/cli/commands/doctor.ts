import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { version } from '../../../package.json';
import { chooseTensorBackend, sqliteVersion } from '../../jobs';
import { ExitCode } from '../exit-codes';

interface Finding {
  readonly name: string;
  readonly value: string;
  readonly ok: boolean;
  /** What to do when it is missing. */
  readonly remedy?: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what this machine offers (Node, cores, SQLite, tensor backend) and what is missing.')
    .option('--json', 'print {ok, findings: […]} for machines')
    .action(async (flags: { json?: boolean }) => {
      const findings = [...systemFindings(), ...(await backendFindings())];
      const ok = findings.every((finding) => finding.ok);
      if (flags.json) process.stdout.write(`${JSON.stringify({ ok, findings })}\n`);
      else {
        for (const { name, value, ok: fine, remedy } of findings) {
          process.stdout.write(
            `${fine ? '✓' : '✗'} ${name.padEnd(20)} ${value}${fine || !remedy ? '' : `\n  ${remedy}`}\n`,
          );
        }
      }
      process.exitCode = ok ? ExitCode.ok : ExitCode.unavailable;
    });
}

function systemFindings(): Finding[] {
  const sqlite = sqliteVersion();
  return [
    { name: 'Taskweave', value: version, ok: true },
    { name: 'Node', value: `${process.versions.node} (${process.execPath})`, ok: true },
    { name: 'platform', value: `${process.platform} ${process.arch}`, ok: true },
    { name: 'cores', value: String(availableParallelism()), ok: true },
    { name: 'memory', value: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`, ok: true },
    {
      name: 'SQLite (node:sqlite)',
      value: sqlite ?? 'missing',
      ok: sqlite !== undefined,
      remedy:
        'This Node is built without node:sqlite: set TASKWEAVE_NODE (in VS Code: taskweave.nodePath) to another one.',
    },
  ];
}

/** The backend that runs will use, and whether the native one could be. Native is optional: its absence is not a fault. */
async function backendFindings(): Promise<Finding[]> {
  const wasmFolder = join(__dirname, 'wasm');
  const chosen = await describeBackend('auto', wasmFolder);
  const native = await describeBackend('native', wasmFolder);
  return [
    { name: 'tensor backend', ...chosen, remedy: 'Reinstall Taskweave: its WebAssembly files are missing.' },
    { name: 'native TensorFlow', value: native.ok ? native.value : `not used: ${native.value}`, ok: true },
  ];
}

async function describeBackend(
  backend: 'auto' | 'native',
  wasmFolder: string,
): Promise<{ value: string; ok: boolean }> {
  try {
    const { name, reason } = await chooseTensorBackend({ backend, wasmFolder });
    return { value: `${name} (${reason})`, ok: true };
  } catch (error) {
    return { value: error instanceof Error ? error.message.split('\n')[0] : String(error), ok: false };
  }
}
