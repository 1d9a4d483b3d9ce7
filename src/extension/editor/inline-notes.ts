/** What stands after the lines of an experiment file: latest scores, and how they changed since the run before. */
import type { SourceRange } from '../../core/experiment';
import { t } from '../../protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../../protocol/leaderboard';
import { rowName } from '../../protocol/names';
import type { ModelStanding } from '../../protocol/runs';
import { count, isGoing, isLowerBetter, percent, score, signed } from '../../protocol/words';
import type { FoundTask, Outline } from '../outline';
import type { ShownRun } from '../run-library';
import { bestRow, primaryOf, primaryValue, scoreOf } from '../views/board';

export type Tone = 'plain' | 'better' | 'worse' | 'live';

export interface Subject {
  readonly kind: 'model' | 'ensemble' | 'task';
  readonly name: string;
}

export interface InlineNote {
  /** From 0. */
  readonly line: number;
  readonly text: string;
  readonly tone: Tone;
}

export interface NoteInput {
  readonly outline: Pick<Outline, 'tasks' | 'models' | 'ensembles' | 'longForm'>;
  /** The tasks as the data have them, where they were looked at. */
  readonly found?: ReadonlyMap<string, FoundTask>;
  /** Newest runs, newest first. */
  readonly shown: readonly ShownRun[];
  /** How the models of a going run stand. */
  standing(run: string): readonly ModelStanding[] | undefined;
  locate(path: readonly string[], part: 'key'): SourceRange;
}

const SECTIONS = { model: 'models', ensemble: 'ensembles', task: 'tasks' } as const;

/** Every model, ensemble and task of the file, and the line of its name. */
export function subjectsOf({
  outline,
  locate,
}: Pick<NoteInput, 'outline' | 'locate'>): readonly (Subject & { readonly at: SourceRange })[] {
  const place = (kind: Subject['kind'], name: string) => ({
    kind,
    name,
    at: locate([SECTIONS[kind], name], 'key'),
  });
  return [
    ...outline.tasks.map(({ id }) => place('task', id)),
    ...outline.models.map(({ name }) => place('model', name)),
    ...outline.ensembles.map(({ name }) => place('ensemble', name)),
  ];
}

/** One note a line; where several things share a line, each is named. */
export function inlineNotes(input: NoteInput): readonly InlineNote[] {
  const lines = new Map<number, { subject: Subject; text: string; tone: Tone }[]>();
  for (const { at, ...subject } of subjectsOf(input)) {
    const note = noteOn(input, subject);
    if (note) lines.set(at.line - 1, [...(lines.get(at.line - 1) ?? []), { subject, ...note }]);
  }
  return [...lines].map(([line, notes]) => {
    if (notes.length === 1) return { line, text: notes[0].text, tone: notes[0].tone };
    const named = notes.slice(0, 4).map(({ subject, text }) => `${subject.name} ${text}`);
    return { line, text: `${named.join(' · ')}${notes.length > 4 ? ' …' : ''}`, tone: 'plain' as const };
  });
}

function noteOn(input: NoteInput, subject: Subject): { text: string; tone: Tone } | undefined {
  if (subject.kind === 'task') return taskNote(input, subject.name);
  const live = liveNote(input, subject);
  if (live) return { text: live, tone: 'live' };
  const [latest, before] = rowsOf(input.shown, subject);
  if (!latest) return undefined;
  const harmed = latest.row.negativeTransfer;
  const harm = harmed.length > 0 ? `⚠ ${t('negative transfer')}: ${names(harmed)}` : '';
  const change = before && latest.row.mean - before.row.mean;
  return {
    text: [skill(latest.row.mean), changeText(change, change), harm].filter(Boolean).join('  '),
    tone: harm ? 'worse' : toneOf(change),
  };
}

/** Rows of a model or ensemble in the newest runs that have one, newest first. */
export function rowsOf(
  shown: readonly ShownRun[],
  { kind, name }: Subject,
): readonly { readonly run: ShownRun; readonly board: Leaderboard; readonly row: LeaderboardRow }[] {
  return shown.flatMap((run) => {
    const board = run.leaderboard;
    const row = board?.rows.find((one) => one.role === kind && one.name === name);
    return board && row ? [{ run, board, row }] : [];
  });
}

/** Best rows of a task in the newest runs that have one, newest first. */
export function taskRows(shown: readonly ShownRun[], task: string) {
  return shown.flatMap((run) => {
    const board = run.leaderboard;
    const row = board ? bestRow(board, task) : undefined;
    if (board === null || row === undefined) return [];
    const value = primaryValue(board, row, task);
    return value === undefined ? [] : [{ run, board, row, value }];
  });
}

function taskNote(
  { outline, shown, found }: NoteInput,
  task: string,
): { text: string; tone: Tone } | undefined {
  const [latest, before] = taskRows(shown, task);
  if (!latest) {
    const known = found?.get(task);
    if (known) return { text: `${t(known.type)} · ${count(known.labelled, 'row')}`, tone: 'plain' };
    // The entry of long data stands for all that the data name.
    return outline.longForm && found?.size ? { text: count(found.size, 'task'), tone: 'plain' } : undefined;
  }
  const metric = primaryOf(latest.board, task);
  const isComparable = before !== undefined && primaryOf(before.board, task) === metric;
  const change = isComparable ? latest.value - before.value : undefined;
  const gain = change === undefined ? undefined : isLowerBetter(metric) ? -change : change;
  return {
    text: [scoreOf(latest.board, latest.row, task), rowName(latest.row.name), changeText(change, gain)]
      .filter(Boolean)
      .join('  '),
    tone: toneOf(gain),
  };
}

/** `38 %  skill 0.512 so far (2 of 5 folds)` while the newest run trains it. */
function liveNote({ shown, standing }: NoteInput, { kind, name }: Subject): string | undefined {
  const [newest] = shown;
  if (newest === undefined || !isGoing(newest.detail.summary.status)) return undefined;
  const state = newest.detail.models.find((one) => one.role === kind && one.name === name);
  if (state === undefined || state.status === 'failed') return undefined;
  if (state.status === 'waiting') return t('waiting');
  const stand = standing(newest.detail.summary.run)?.find((one) => one.model === name);
  const far = `◌ ${percent(state.fits)} %`;
  return stand === undefined || stand.mean === null
    ? far
    : `${far}  ${t('{0} so far', skill(stand.mean))} (${t('{0} of {1} folds', stand.folds.done, stand.folds.total)})`;
}

/** A mean of tasks has no metric's name to stand with, as a task's score has. */
function skill(mean: number): string {
  return t('skill {0}', score(mean));
}

/** A change too small to be seen in three decimals is none. */
const SMALLEST = 0.0005;

function changeText(change: number | undefined, gain: number | undefined): string {
  if (change === undefined || gain === undefined) return '';
  if (Math.abs(change) < SMALLEST) return '=';
  return `${gain > 0 ? '▲' : '▼'} ${signed(change)}`;
}

function toneOf(gain: number | undefined): Tone {
  if (gain === undefined || Math.abs(gain) < SMALLEST) return 'plain';
  return gain > 0 ? 'better' : 'worse';
}

function names(tasks: readonly string[]): string {
  return tasks.length > 3 ? t('{0} tasks', tasks.length) : tasks.join(', ');
}
