/**
 * Whether each point is on the front of score against cost: no other point has at least its score at no more than its
 * cost, one of the two strictly.
 */
export function paretoFront(points: readonly { readonly score: number; readonly cost: number }[]): boolean[] {
  const order = points.map((_, i) => i).sort((a, b) => points[a].cost - points[b].cost);
  const front = new Array<boolean>(points.length).fill(false);
  let best = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < order.length; ) {
    const { cost } = points[order[start]];
    let end = start;
    let top = Number.NEGATIVE_INFINITY;
    for (; end < order.length && points[order[end]].cost === cost; end++) {
      top = Math.max(top, points[order[end]].score);
    }
    for (let i = start; i < end; i++) front[order[i]] = points[order[i]].score === top && top > best;
    best = Math.max(best, top);
    start = end;
  }
  return front;
}
