/** An experiment to start from, with small data to try it on. */
export interface Template {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Content by path, relative to the folder it is written to. Made when first asked for. */
  readonly files: Readonly<Record<string, string>>;
}

type Cell = number | string | null;

/** A table as CSV: numbers with four decimals at most, an empty cell for null, quotes where they are needed. */
export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(cellText).join(','));
  return `${lines.join('\n')}\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(Number(cell.toFixed(4)));
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A template whose files are made once, when first asked for. */
export function lazyTemplate(
  about: Omit<Template, 'files'>,
  make: () => Readonly<Record<string, string>>,
): Template {
  let made: Readonly<Record<string, string>> | undefined;
  return {
    ...about,
    get files() {
      made ??= make();
      return made;
    },
  };
}
