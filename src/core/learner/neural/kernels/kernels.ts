/**
 * The hot loops of training, over one linear memory. Arguments that point are byte offsets into it, multiples of 16;
 * counts are of numbers (float32). Matrices lie in panels of 8 columns: panel p holds columns 8p … 8p + 7, row after
 * row, `capacity` rows a panel; the columns that pad the last panel are zero, and so are the rows that pad a batch to a
 * multiple of 4. A dense layer's weights are panels of its outputs with one row an input.
 *
 * Two implementations give the same bits: `assembly/` as WebAssembly with SIMD, and `plain.ts`.
 */
export interface KernelFunctions {
  /** Y = act(X W + b) for rows from … to (multiples of 4), act the identity or max(·, 0). */
  dense(
    x: number,
    k: number,
    w: number,
    bias: number,
    y: number,
    n: number,
    capacity: number,
    from: number,
    to: number,
    rectify: number,
  ): void;
  /** dW = Xᵀ dY over rows 0 … rows, for columns from … to of X; `from` is a multiple of 4. */
  denseWeights(
    x: number,
    k: number,
    dy: number,
    gradient: number,
    n: number,
    capacity: number,
    rows: number,
    from: number,
    to: number,
  ): void;
  /** db = Σ rows of dY; with `rectify`, dY is first made 0 where H ≤ 0. */
  denseBias(
    h: number,
    dy: number,
    gradient: number,
    n: number,
    capacity: number,
    rows: number,
    rectify: number,
  ): void;
  /** Wᵀ in panels of k columns with n rows, from W in panels of n columns with k rows. */
  transpose(w: number, k: number, n: number, out: number): void;
  /** Rows of a row-major table (`stride` numbers a row, a multiple of 4) into panels; pads the rows with zeros. */
  gather(source: number, stride: number, rows: number, count: number, capacity: number, target: number): void;
  /** Rows 0 … `rows` of a matrix in panels, row-major without padding. */
  toRows(panels: number, capacity: number, rows: number, columns: number, out: number): void;
  /** act(S + b) in panels, from row-major S without padding. */
  fromRows(
    source: number,
    rows: number,
    columns: number,
    bias: number,
    rectify: number,
    panels: number,
    capacity: number,
  ): void;
  /** y += x */
  add(x: number, y: number, count: number): void;
  /** y += a x */
  addScaled(a: number, x: number, y: number, count: number): void;
  /** y = x ∘ f */
  multiply(x: number, f: number, y: number, count: number): void;
  /** x *= a */
  scale(a: number, x: number, count: number): void;
  /** Σ x² */
  sumOfSquares(x: number, count: number): number;
  /** x = max(x, 0) */
  rectify(x: number, count: number): void;
  /** d = 0 where h ≤ 0 */
  rectifyGradient(h: number, d: number, count: number): void;
  /** x = tanh x */
  hyperbolic(x: number, count: number): void;
  /** d *= 1 − h² */
  hyperbolicGradient(h: number, d: number, count: number): void;
  /**
   * ℓ and w a ℓ′ of every output: logistic where `binary` has all bits set, ½(z − y)² else; none where `active` or the
   * share is 0. `losses` receives Σ_i a_i ℓ_i of each column.
   */
  pointwiseLosses(
    z: number,
    y: number,
    share: number,
    binary: number,
    active: number,
    weight: number,
    gradient: number,
    losses: number,
    n: number,
    capacity: number,
    rows: number,
  ): void;
  /** p = softmax(z), row by row over `width` columns. */
  softmaxRows(z: number, p: number, width: number, capacity: number, rows: number): void;
  /** dz = p ∘ (q − p·q), row by row. */
  softmaxRowsGradient(p: number, q: number, dz: number, width: number, capacity: number, rows: number): void;
  /** y = s x, or y += s x with `adds`, a factor s a row: at `s` the first row's, the next row's 32 bytes on. */
  mixRows(s: number, x: number, y: number, n: number, capacity: number, rows: number, adds: number): void;
  /** q = x·dy, row by row; `q` as `s` of `mixRows`. */
  rowProducts(x: number, dy: number, q: number, n: number, capacity: number, rows: number): void;
  /** h = (x − mean x) / √(variance x + 1e-5), y = gain ∘ h + shift, row by row; `inverse` receives 1 / √(…). */
  normRows(
    x: number,
    gain: number,
    shift: number,
    h: number,
    y: number,
    inverse: number,
    width: number,
    capacity: number,
    rows: number,
  ): void;
  /** dx = (d − mean d − h mean (d ∘ h)) ∘ inverse with d = gain ∘ dy, row by row. */
  normRowsGradient(
    dy: number,
    h: number,
    gain: number,
    inverse: number,
    dx: number,
    width: number,
    capacity: number,
    rows: number,
  ): void;
  /** Σ rows of (x − a)² of every column. */
  columnDeviations(x: number, a: number, out: number, n: number, capacity: number, rows: number): void;
  /** Σ rows of x ∘ y of every column. */
  columnProducts(x: number, y: number, out: number, n: number, capacity: number, rows: number): void;
  /** h = (x − mean) ∘ inverse and y = gain ∘ h + shift, with one of each a column. */
  normColumns(
    x: number,
    mean: number,
    inverse: number,
    gain: number,
    shift: number,
    h: number,
    y: number,
    n: number,
    capacity: number,
    rows: number,
  ): void;
  /** dx = factor ∘ (dy − a − h ∘ b), with one factor, a and b a column. */
  normColumnsGradient(
    dy: number,
    h: number,
    factor: number,
    a: number,
    b: number,
    dx: number,
    n: number,
    capacity: number,
    rows: number,
  ): void;
  /** m += 0.1 (g' − m), v += 0.001 (g'² − v), w ← keep w − rate m / (√v correction + 1e-8), g' = g + λ w. */
  adam(
    w: number,
    g: number,
    m: number,
    v: number,
    count: number,
    rate: number,
    correction: number,
    lambda: number,
    keep: number,
  ): void;
  /** w ← w / (1 + rate strength / (√v correction + 1e-8)): the proximal step of ½ strength ‖w‖² in Adam's metric. */
  adamProximal(w: number, v: number, count: number, rate: number, correction: number, strength: number): void;
  /** v ← momentum v + g + λ w, w ← w − rate v. */
  descend(
    w: number,
    g: number,
    v: number,
    count: number,
    rate: number,
    momentum: number,
    lambda: number,
  ): void;
}

export interface Kernels {
  readonly run: KernelFunctions;
  /** Float32 view of the whole memory; new after `reserve` had to grow it. */
  readonly numbers: Float32Array<ArrayBufferLike>;
  readonly integers: Int32Array<ArrayBufferLike>;
  /** Makes the memory at least that long; what it holds stays. */
  reserve(bytes: number): void;
  /** Threads that do whole programs, where there can be any. */
  readonly crew?: Crew;
  /** So many threads take part from now on; absent: this one alone. Those that were started stay, asleep. */
  recruit(threads: KernelThreads | undefined): void;
}

/** Threads that work on the kernels' memory, this one among them. */
export interface Crew {
  readonly threads: number;
  /**
   * Every part is done when it returns: by `own` here, elsewhere by the program (see `serveKernels`).
   * @param values [the program's number, its text's byte offset and length, the bytes in use, numbers for every part]; at
   * most 48 of them
   */
  run(parts: number, values: readonly number[], own: (part: number) => void): void;
}

/** What a thread needs to take its part: it passes it to `serveKernels`. */
export interface KernelSeat {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** From 1; the thread that asks is 0. */
  readonly number: number;
}

/** How many threads take part in the kernels, and how one more is started, which does not keep the process alive. */
export interface KernelThreads {
  readonly count: number;
  readonly start: (seat: KernelSeat) => void;
}

/** Columns of a matrix in panels, padding included. */
export function panelled(columns: number): number {
  return (columns + 7) & ~7;
}

/** Rows of a batch, padding included. */
export function paddedRows(rows: number): number {
  return (rows + 3) & ~3;
}
