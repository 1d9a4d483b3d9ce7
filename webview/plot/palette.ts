/** Colours of the editor's theme for charts; each twice, the second time mixed with the ink, so that twelve lines differ. */
const HUES = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;
export const COLORS = 2 * HUES.length;

/** A CSS colour by its number in the palette. */
export function colorOf(number: number): string {
  const hue = HUES[number % HUES.length];
  const base = hue === 'orange' ? 'var(--chart-orange)' : `var(--vscode-charts-${hue})`;
  return number % COLORS < HUES.length ? base : `color-mix(in srgb, ${base} 55%, var(--vscode-foreground))`;
}

/**
 * A colour for each key, steady whatever others come and go: by the key's own hash, and by the next free colour where
 * two of those shown would have the same; the pure hues, which are told apart best, before the mixed ones.
 * @param keys in an order that does not change, such as that of creation
 */
export function steadyColors(keys: readonly string[]): ReadonlyMap<string, number> {
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    if (taken.size === COLORS) taken.clear();
    const own = hash(key) % HUES.length;
    const tries = Array.from({ length: COLORS }, (_, i) => {
      const isMixed = i >= HUES.length;
      return ((own + i) % HUES.length) + (isMixed ? HUES.length : 0);
    });
    const color = tries.find((one) => !taken.has(one)) ?? own;
    taken.add(color);
    colors.set(key, color);
  }
  return colors;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
