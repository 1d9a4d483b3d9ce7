import { appendFileSync } from 'node:fs';
import { parseLine, readLines } from './event-reader';
import { type ControlCommand, controlCommand } from './events';

/** Asks something of a run's coordinator, from any process on any platform; it is read within half a second. */
export function appendControl(path: string, kind: ControlCommand['kind']): void {
  const command: ControlCommand = { kind, time: new Date().toISOString() };
  // The line begins with its own end of line, in case a writer before was killed in the middle of one.
  appendFileSync(path, `\n${JSON.stringify(command)}\n`);
}

export function readControl(
  path: string,
  offset: number,
): { commands: readonly ControlCommand[]; next: number } {
  const { lines, next } = readLines(path, offset);
  const commands = lines.flatMap((line) => parseLine(line, controlCommand) ?? []);
  return { commands, next };
}
