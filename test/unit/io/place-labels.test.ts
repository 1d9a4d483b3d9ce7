import { expect, it } from 'vitest';
import { type Box, overlap, placeLabels } from '../../../src/io/report/place-labels';

const FRAME: Box = { left: 46, right: 328, top: 14, bottom: 224 };
const around = (x: number, y: number): Box => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 });

it('names lie over no dot, no other name and not outside the frame', () => {
  // Of a real run: four on the front, four behind it.
  const named = [
    { text: 'gb (single-task)', x: 281, y: 33.1 },
    { text: 'gb', x: 230.7, y: 44.2 },
    { text: 'gl', x: 117.1, y: 113.6 },
    { text: 'gl (single-task)', x: 74.2, y: 214.2 },
  ];
  const others = [around(273.8, 58.7), around(299.8, 70.5), around(85.5, 214.2), around(225.7, 214.9)];
  const dots = [...named.map(({ x, y }) => around(x, y)), ...others];
  const placed = placeLabels(named, FRAME, dots);
  expect(placed.map(({ text }) => text)).toEqual(named.map(({ text }) => text));
  for (const { box } of placed) {
    expect(dots.filter((dot) => overlap(dot, box))).toEqual([]);
    expect(placed.filter((one) => one.box !== box && overlap(one.box, box))).toEqual([]);
    expect(box.left).toBeGreaterThanOrEqual(FRAME.left);
    expect(box.right).toBeLessThanOrEqual(FRAME.right);
  }
});

it('a name that has no place is left out', () => {
  const point = { text: 'a', x: 100, y: 100 };
  expect(placeLabels([point], FRAME, [FRAME])).toEqual([]);
  expect(
    placeLabels(
      Array.from({ length: 30 }, () => point),
      FRAME,
      [],
    ).length,
  ).toBeLessThan(30);
});
