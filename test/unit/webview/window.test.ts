import { describe, expect, it } from 'vitest';
import { columnSpan, edgesOf, Ring, rowSpan, scrolledTo } from '../../../webview/grid/window';

describe('the part of a grid that is seen', () => {
  it('is its rows between two pixels and some beyond, never outside of what there is', () => {
    expect(rowSpan(0, 100, 20, 1000, 4)).toEqual({ from: 0, to: 9 });
    expect(rowSpan(2010, 100, 20, 1000, 4)).toEqual({ from: 96, to: 110 });
    expect(rowSpan(19_900, 100, 20, 1000, 4)).toEqual({ from: 991, to: 1000 });
    expect(rowSpan(500, 100, 20, 3, 4)).toEqual({ from: 3, to: 3 });
  });

  it('is its columns, whatever their widths', () => {
    const edges = edgesOf([100, 50, 50, 200, 100]);
    expect(edges).toEqual([0, 100, 150, 200, 400, 500]);
    expect(columnSpan(edges, 120, 100, 0)).toEqual({ from: 1, to: 4 });
    expect(columnSpan(edges, 120, 100, 1)).toEqual({ from: 0, to: 5 });
    expect(columnSpan(edgesOf([]), 0, 100, 1)).toEqual({ from: 0, to: 0 });
  });

  it('moves as little as it takes to show a row, beside what covers its beginning', () => {
    expect(scrolledTo(100, 240, { from: 120, to: 140 }, 40)).toBe(100);
    expect(scrolledTo(100, 240, { from: 80, to: 100 }, 40)).toBe(80);
    expect(scrolledTo(100, 240, { from: 300, to: 320 }, 40)).toBe(120);
  });
});

describe('elements that are used again', () => {
  it('stay in the order of what they stand for while that moves by a little, by a lot, and shrinks', () => {
    const placed: { id: number }[] = [];
    let made = 0;
    const ring = new Ring<{ id: number }>(
      () => ({ id: made++ }),
      (item, before) => {
        if (placed.includes(item)) placed.splice(placed.indexOf(item), 1);
        placed.splice(before === undefined ? placed.length : placed.indexOf(before), 0, item);
      },
      (item) => placed.splice(placed.indexOf(item), 1),
    );
    const shown = new Map<object, number>();
    const to = (from: number, until: number) => {
      for (const index of ring.move({ from, to: until })) {
        const item = ring.at(index);
        if (item) shown.set(item, index);
      }
      return placed.map((item) => shown.get(item));
    };
    const count = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => from + i);
    for (const [from, until] of [
      [0, 10],
      [3, 13],
      [1, 11],
      [50, 60],
      [40, 62],
      [45, 50],
      [46, 46],
      [0, 4],
    ])
      expect(to(from, until)).toEqual(count(from, until));
    expect(made).toBeLessThanOrEqual(22 + 4);
  });
});
