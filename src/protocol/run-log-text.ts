/** The story of a run in words: for the editor, and for the command line. */
import { t } from './l10n';
import { trialName } from './names';
import type { LogEntry, RunLog } from './run-log';
import { sentence } from './sentences';
import { count, duration } from './words';

/** As the text of a log file: a head that says who is at work on what, and a line an entry. */
export function logText(log: RunLog): string {
  const { trials } = log;
  const waiting = trials.total - trials.done - trials.failed - trials.running;
  const cut = log.total - log.entries.length;
  return [
    t('Run {0} of {1}: {2}', log.run, log.name, t(log.status)),
    log.folder,
    log.madeWith.map(sentence).join(', '),
    `${count(log.workers, 'worker')}; ${t('{0} trials: {1} done, {2} at work, {3} waiting, {4} failed', trials.total, trials.done, trials.running, waiting, trials.failed)}`,
    '',
    ...(cut > 0 ? [t('{0} of {1} lines, the last ones', log.entries.length, log.total)] : []),
    ...log.entries.map(lineOf),
    '',
  ].join('\n');
}

type Level = 'info' | 'warning' | 'error';

/** Levels as editors colour them in log files, whatever the language. */
const LEVELS: Readonly<Record<Level, string>> = { info: '[info]', warning: '[warning]', error: '[error]' };

function lineOf(entry: LogEntry): string {
  const [level, words] = wordsOf(entry);
  return `${clock(entry.time)} ${LEVELS[level]} ${words}`;
}

function wordsOf(entry: LogEntry): readonly [Level, string] {
  switch (entry.kind) {
    case 'opened': {
      const who = [count(entry.workers, 'worker'), entry.pid, entry.host] as const;
      return [
        'info',
        entry.resumed
          ? t('taken up again with {0}, by process {1} on {2}', ...who)
          : t('begun with {0}, by process {1} on {2}', ...who),
      ];
    }
    case 'planned':
      return ['info', t('planned: {0}, {1}', count(entry.trials, 'trial'), count(entry.fits, 'fit'))];
    case 'reused':
      return ['info', t('{0} taken over from run {1}', count(entry.trials, 'trial'), entry.from)];
    case 'queued':
      return ['info', t('waits in line: other runs are at work')];
    case 'admitted':
      return ['info', t('its turn has come')];
    case 'paused':
      return ['info', t('paused')];
    case 'continued':
      return ['info', t('continued')];
    case 'begun':
      return ['info', `${nameOf(entry)}: ${begunWords(entry.pid)}`];
    case 'ended':
      return endedWords(entry);
    case 'warning':
      return ['warning', `${nameOf(entry)}: ${sentence(entry.message)}`];
    case 'lost':
      return ['warning', `${nameOf(entry)}: ${t('its process was lost ({0})', t(entry.reason))}`];
    case 'retry':
      return ['warning', `${nameOf(entry)}: ${t('is tried again ({0})', t(entry.reason))}`];
    case 'skipped':
      return ['error', `${trialName(entry.label)}: ${t('left out, for a trial it builds on failed')}`];
    case 'closed':
      return [
        entry.outcome === 'failed' ? 'error' : 'info',
        entry.message === null ? t(entry.outcome) : `${t(entry.outcome)}: ${sentence(entry.message)}`,
      ];
  }
}

function begunWords(pid: number | null): string {
  return pid === null ? t('began') : t('began in process {0}', pid);
}

function endedWords(entry: Extract<LogEntry, { kind: 'ended' }>): readonly [Level, string] {
  const took = t(
    '{0} after {1}, {2} CPU seconds',
    t(entry.outcome),
    seconds(entry.seconds),
    entry.cpuSeconds.toFixed(1),
  );
  const why = entry.message === null ? '' : `: ${sentence(entry.message)}`;
  return [entry.outcome === 'failed' ? 'error' : 'info', `${nameOf(entry)}: ${took}${why}`];
}

/** A second attempt is named as such. */
function nameOf({ label, attempt }: { readonly label: string; readonly attempt: number }): string {
  const name = trialName(label);
  return attempt === 0 ? name : `${name} (${t('attempt {0}', attempt + 1)})`;
}

/** Short ones to a tenth: most trials take less than a second. */
function seconds(value: number): string {
  return value < 60 ? t('{0} s', value.toFixed(1)) : duration(value);
}

/** `2026-11-22 23:49:05.120`, by the clock of this machine. */
function clock(iso: string): string {
  const time = new Date(iso);
  const local = new Date(time.getTime() - 60_000 * time.getTimezoneOffset());
  return local.toISOString().replace('T', ' ').replace('Z', '');
}
