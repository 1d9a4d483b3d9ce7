import {
  EventWriter,
  parseLine,
  type RunEvent,
  type RunFolder,
  readLines,
  runEvent,
  type UnstampedRunEvent,
} from '../store';

/** Goes on with the run's own events; only the holder of the run's lock may. */
export function openRunLog(run: RunFolder): EventWriter<UnstampedRunEvent> {
  const last = lastRunEvent(run);
  return EventWriter.continuing(run.events(), last === undefined ? 0 : last.seq + 1);
}

export function lastRunEvent(run: RunFolder): RunEvent | undefined {
  return readLines(run.events(), 0)
    .lines.flatMap((line) => parseLine(line, runEvent) ?? [])
    .at(-1);
}
