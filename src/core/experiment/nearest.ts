/**
 * Edit distance that counts a swap of neighbours as one (optimal string alignment), ignoring case and `_`/`-`/space
 * differences at half cost.
 */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const table = new Float64Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) table[i * width] = i;
  for (let j = 0; j <= b.length; j++) table[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(
        table[(i - 1) * width + j] + 1,
        table[i * width + j - 1] + 1,
        table[(i - 1) * width + j - 1] + substitution(a[i - 1], b[j - 1]),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, table[(i - 2) * width + j - 2] + 1);
      }
      table[i * width + j] = best;
    }
  }
  return table[a.length * width + b.length];
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  const fold = (c: string): string => ('_- .'.includes(c) ? '_' : c.toLowerCase());
  return fold(a) === fold(b) ? 0.5 : 1;
}

/** The candidate that `word` was most likely meant to be; undefined where none is near enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const longest = Math.max(word.length, candidate.length);
    // A length difference alone is already that many edits; a prefix of three letters or more still counts as near.
    const prefix =
      word.length >= 3 && candidate.toLowerCase().startsWith(word.toLowerCase())
        ? 1 + longest / 1000
        : Infinity;
    const distance = Math.min(
      prefix,
      Math.abs(word.length - candidate.length) > longest / 2 ? Infinity : editDistance(word, candidate),
    );
    // One letter is not near another.
    if (distance < bestDistance && distance < longest && distance <= Math.max(1, longest * 0.4)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
