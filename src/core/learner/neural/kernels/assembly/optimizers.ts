/**
 * Adam: m += 0.1 (g − m), v += 0.001 (g² − v), w ← keep · w − rate m / (√v · correction + 1e-8), with the gradient
 * g + λ w. `rate` and `correction` hold what the first steps lack.
 */
export function adam(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  count: usize,
  rate: f32,
  correction: f32,
  lambda: f32,
  keep: f32,
): void {
  const rates = f32x4.splat(rate);
  const corrections = f32x4.splat(correction);
  const lambdas = f32x4.splat(lambda);
  const keeps = f32x4.splat(keep);
  const tiny = f32x4.splat(1e-8);
  for (const end = w + count * 4; w < end; w += 16, g += 16, m += 16, v += 16) {
    const weight = v128.load(w);
    const gradient = f32x4.add(v128.load(g), f32x4.mul(lambdas, weight));
    const before = v128.load(m);
    const mean = f32x4.add(before, f32x4.mul(f32x4.splat(0.1), f32x4.sub(gradient, before)));
    const old = v128.load(v);
    const square = f32x4.add(
      old,
      f32x4.mul(f32x4.splat(0.001), f32x4.sub(f32x4.mul(gradient, gradient), old)),
    );
    v128.store(m, mean);
    v128.store(v, square);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(square), corrections), tiny);
    v128.store(w, f32x4.sub(f32x4.mul(keeps, weight), f32x4.div(f32x4.mul(rates, mean), scale)));
  }
}

/**
 * Proximal step of ½ strength ‖w‖² in Adam's own metric, after `adam`: w ← w / (1 + rate · strength / (√v · correction
 * + 1e-8)). Its fixed points are those of the penalised objective, and however strong the penalty, it is stable.
 */
export function adamProximal(
  w: usize,
  v: usize,
  count: usize,
  rate: f32,
  correction: f32,
  strength: f32,
): void {
  const factor = f32x4.splat(rate * strength);
  const corrections = f32x4.splat(correction);
  const one = f32x4.splat(1);
  const tiny = f32x4.splat(1e-8);
  for (const end = w + count * 4; w < end; w += 16, v += 16) {
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(v128.load(v)), corrections), tiny);
    v128.store(w, f32x4.div(v128.load(w), f32x4.add(one, f32x4.div(factor, scale))));
  }
}

/** Gradient descent with momentum: v ← μ v + g + λ w, w ← w − rate v. */
export function descend(
  w: usize,
  g: usize,
  v: usize,
  count: usize,
  rate: f32,
  momentum: f32,
  lambda: f32,
): void {
  const rates = f32x4.splat(rate);
  const momenta = f32x4.splat(momentum);
  const lambdas = f32x4.splat(lambda);
  for (const end = w + count * 4; w < end; w += 16, g += 16, v += 16) {
    const weight = v128.load(w);
    const gradient = f32x4.add(v128.load(g), f32x4.mul(lambdas, weight));
    const velocity = f32x4.add(f32x4.mul(momenta, v128.load(v)), gradient);
    v128.store(v, velocity);
    v128.store(w, f32x4.sub(weight, f32x4.mul(rates, velocity)));
  }
}
