/**
 * The two loops of the matrix product, once per stored format. V8 compiles a function for the array types that it has
 * seen: one loop for all of them would read each slowly, and widening weights into a float64 buffer first costs more
 * than reading them in place (twice as much for one row of bfloat16). So the same loops exist once per kind, in
 * files that `npm run kernels` writes from one template; they differ in how they read a weight. Tests hold the files to
 * the template, and each kernel to the bits of the naive loop.
 * @packageDocumentation
 */

/**
 * Products of some rows with some outputs; `w[wAt + o * n + k]` is weight k of output o. Sums run over k from 0 to
 * n - 1.
 */
export interface Kernels<A extends Float64Array | Float32Array | Uint16Array> {
  /** One row by eight outputs. */
  oneByEight(x: Float64Array, xAt: number, w: A, wAt: number, n: number, y: Float64Array, yAt: number): void;
  /** Four rows by two outputs; row r of y begins at `yAt + r * stride`. */
  fourByTwo(
    x: Float64Array,
    xAt: number,
    w: A,
    wAt: number,
    n: number,
    y: Float64Array,
    yAt: number,
    stride: number,
  ): void;
}
