import type { ModelStanding } from '../../protocol/runs';
import type { StoreIndex } from '../../store';
import type { RunFacts } from './facts';
import { pathsOf } from './path';

/** The best configuration of every joint model over the folds done so far. */
export function standingOf(index: StoreIndex, facts: RunFacts): ModelStanding[] {
  const models = new Set(
    facts.trials
      .filter(({ kind, scope }) => kind === 'fit' && scope === 'joint')
      .flatMap(({ name }) => name ?? []),
  );
  return [...models].flatMap((model) => {
    const path = pathsOf(index, facts, model).find(({ scope }) => scope === 'joint');
    if (path === undefined) return [];
    const scored = path.points.filter(({ mean }) => mean !== null);
    const best = scored.reduce<(typeof scored)[number] | undefined>(
      (top, point) => (top === undefined || (point.mean ?? 0) > (top.mean ?? 0) ? point : top),
      undefined,
    );
    const tasks = (best?.tasks ?? []).map(({ task, metric, mean }) => ({ task, metric, mean }));
    return [{ model, folds: path.folds, mean: best?.mean ?? null, tasks }];
  });
}
