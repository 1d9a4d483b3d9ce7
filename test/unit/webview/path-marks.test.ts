import { describe, expect, it } from 'vitest';
import { LABEL_GAP, type Mark, placeMarks } from '../../../webview/pathMarks';

const chosen = (x: number): Mark => ({ x, kind: 'chosen', label: 'chosen λ 0.0214' });
const simplest = (x: number): Mark => ({ x, kind: 'one-standard-error', label: '1-SE λ 0.0575' });
const best = (x: number): Mark => ({ x, kind: 'best', label: 'best λ 0.0013' });

/** Pixels of a letter, rather too few than too many: what overlaps here overlaps in sight. */
const LETTER = 5.5;

/** Lines that go through the label of a mark below their own, and labels that are cut off. */
function faults(marks: readonly Mark[], width: number): readonly string[] {
  const placed = placeMarks(marks, width);
  return placed.flatMap(({ x, label, anchor }, i) => {
    const length = label.length * LETTER + LABEL_GAP;
    const [from, to] = anchor === 'end' ? [x - length, x] : [x, x + length];
    const crossed = placed.slice(0, i).some((other) => other.x > from && other.x < to);
    return [
      ...(crossed ? [`${label} is crossed`] : []),
      ...(from < 0 || to > width ? [`${label} is cut`] : []),
    ];
  });
}

describe('the labels of marked λ', () => {
  it('stand right of their lines, as they are told, where there is room', () => {
    const placed = placeMarks([chosen(100), simplest(400), best(700)], 1000);
    expect(placed.map(({ kind, anchor }) => `${kind} ${anchor}`)).toEqual([
      'chosen start',
      'one-standard-error start',
      'best start',
    ]);
  });

  it('are not crossed by the line of another λ in a narrow panel', () => {
    // As it was drawn at 400 pixels: the 1-SE label went to the left, across the line of the chosen λ.
    expect(faults([chosen(184), simplest(216)], 300)).toEqual([]);
  });

  it('are neither crossed nor cut wherever two λ are', () => {
    for (let a = 60; a <= 290; a += 5)
      for (let b = 60; b <= 290; b += 5) expect(faults([chosen(a), simplest(b)], 300)).toEqual([]);
  });

  it('are neither crossed nor cut with three λ in a wide panel', () => {
    for (let a = 60; a <= 790; a += 73)
      for (let b = 60; b <= 790; b += 73)
        for (let c = 60; c <= 790; c += 73)
          expect(faults([chosen(a), simplest(b), best(c)], 800)).toEqual([]);
  });
});
