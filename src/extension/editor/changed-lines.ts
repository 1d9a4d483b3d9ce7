/** Longer files are not compared line by line: nobody writes them by hand. */
const MOST_LINES = 3000;

/**
 * Lines (from 0) of `now` that are not in `before`: a longest common subsequence of lines without their comments and
 * spaces is taken for unchanged.
 */
export function changedLines(before: string, now: string): readonly number[] {
  const a = meanings(before);
  const b = meanings(now);
  if (a.length > MOST_LINES || b.length > MOST_LINES) return [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const kept = commonIn(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const changed: number[] = [];
  for (let i = start; i < b.length - end; i++) {
    if (b[i] !== '' && !kept.has(i - start)) changed.push(i);
  }
  return changed;
}

/** What each line says: comments, and spaces at its end, do not count. */
function meanings(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd());
}

/** Indices of `b` in a longest common subsequence with `a`. */
function commonIn(a: readonly string[], b: readonly string[]): ReadonlySet<number> {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const common = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.add(j);
      i++;
      j++;
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return common;
}
