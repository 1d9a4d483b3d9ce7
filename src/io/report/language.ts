/** How a report speaks: whoever writes one hands in the catalogue of its language. Templates hold `{0}`, `{1}`, … for values. */
export interface ReportLanguage {
  /** BCP 47: of the page. */
  readonly tag: string;
  /** A text of the report. */
  readonly t: (message: string, ...values: readonly (string | number)[]) => string;
  /** A sentence that core made: a verdict, advice, a warning. */
  readonly sentence: (text: string) => string;
  /** A row of the leaderboard, of which some have names of our own: `linear (single-task)`. */
  readonly rowName: (name: string) => string;
}

export const ENGLISH: ReportLanguage = {
  tag: 'en',
  t: (message, ...values) =>
    message.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place)),
  sentence: (text) => text,
  rowName: (name) => name,
};

/** `1 task`, `2 tasks`. */
export function count({ t }: ReportLanguage, n: number, noun: string): string {
  return t(`{0} ${noun}${n === 1 ? '' : 's'}`, n);
}
