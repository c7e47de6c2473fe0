/**
 * Exact laws of races of the same exponential clocks under several laws.
 *
 * That token w_l wins under law l, for each l, means for the clocks E of the winners: `E_w / l_w >= E_(w_l) / l_(w_l)`
 * for each other winner w; and every loser y rings later than all of them, with probability
 * `exp(-max_l (l_y / l_(w_l)) E_(w_l))`. So the probability is
 *
 * `int exp(-L(E)) dE,  L(E) = sum_w E_w + sum_y max_l (l_y / l_(w_l)) E_(w_l)`
 *
 * over a cone. Cut where two terms of a maximum are equal, it falls into cones spanned by d rays r (d different
 * winners) on which L is linear; over such a cone the integral is `|det(r_1 … r_d)| / prod_i L(r_i)`, because E = sum_i
 * x_i r_i makes it `|det| prod_i int exp(-x_i L(r_i)) dx_i`. All of it is a rational function of the laws. With two
 * winners, rays (1, x) and (1, y) and `L = a + b t` along (1, t), it is the integral
 * `int_x^y dt / (a + b t)^2 = (y - x) / ((a + b x)(a + b y))`.
 * @packageDocumentation
 */
import { LawError, ShapeError } from '../errors.ts';
import { type Arithmetic, sum } from '../numerics/arithmetic.ts';

/** A cone that is spanned by as many rays as it has dimensions. */
interface Cone<T> {
  /** @shape [d][d] */
  readonly rays: readonly (readonly T[])[];
  /** `|det(rays)|`. */
  readonly volume: T;
}

/** Cones on either side of a plane. */
interface Parts<T> {
  readonly above: Cone<T>[];
  readonly below: Cone<T>[];
}

/** A linear form `sum_w form_w E_w`. @shape [d] */
type Form<T> = readonly T[];

/**
 * The probability that races of the same clocks are won by these tokens: `winners[l]` under `laws[l]`, for all l at
 * once. The laws need not be normalised; exact where the arithmetic is.
 * @shape laws: [m][V]; winners: [m]
 * @throws {@link ShapeError} when there is no law, laws differ in length, or there is not one winner in the vocabulary
 * for each; {@link LawError} when a weight is negative.
 * @source Daliri et al. 2024, arXiv 2408.07978, for two laws with one winner: `1 / sum_y max(p_y / p_i, q_y / q_i)`
 * @example
 * import assert from 'node:assert/strict';
 * import { raceProbability } from 'turbo-lora/chance';
 * import { float64 } from 'turbo-lora/numerics';
 * const [p, q] = [[0.5, 0.5], [0.25, 0.75]];
 * assert.equal(raceProbability(float64, [p, q], [0, 1]), 0.25);
 * assert.equal(raceProbability(float64, [p, q, p], [0, 1, 0]), 0.25);
 */
export function raceProbability<T>(
  arithmetic: Arithmetic<T>,
  laws: readonly ArrayLike<T>[],
  winners: readonly number[],
): T {
  const { zero, one, add, subtract, multiply, divide, compare } = arithmetic;
  checkRaces(arithmetic, laws, winners);
  if (laws.some((law, l) => compare(law[winners[l]!]!, zero) === 0)) return zero;
  const different = [...new Set(winners)];
  /** `a E_i - b E_j` for two of the winners. */
  const between = (a: T, i: number, b: T, j: number): Form<T> =>
    different.map((_, w) => (w === i ? a : w === j ? subtract(zero, b) : zero));
  const unit = different.map((_, ray) => different.map((_, w) => (w === ray ? one : zero)));
  let cones: Cone<T>[] = [{ rays: unit, volume: one }];
  for (const [l, law] of laws.entries()) {
    const first = different.indexOf(winners[l]!);
    for (const [w, token] of different.entries()) {
      if (w === first) continue;
      const later = between(law[winners[l]!]!, w, law[token]!, first);
      cones = cones.flatMap((cone) => cut(arithmetic, cone, later).above);
    }
  }
  const rates = losersRates(arithmetic, laws, winners, different);
  for (const rate of rates) {
    for (const [j, b] of rate.entries()) {
      for (const [i, a] of rate.slice(0, j).entries()) {
        cones = cones.flatMap((cone) => {
          const { above, below } = cut(arithmetic, cone, between(a, i, b, j));
          return [...above, ...below];
        });
      }
    }
  }
  const slowness = (ray: readonly T[]): T =>
    rates.reduce((total, rate) => add(total, largestTerm(arithmetic, rate, ray)), sum(arithmetic, ray));
  const integrals = cones.map(({ rays, volume }) => divide(volume, rays.map(slowness).reduce(multiply)));
  return sum(arithmetic, integrals);
}

function checkRaces<T>(
  { zero, compare }: Arithmetic<T>,
  laws: readonly ArrayLike<T>[],
  winners: readonly number[],
): void {
  const size = laws[0]?.length;
  if (size === undefined) throw new ShapeError('races', 'at least one law', 'none');
  if (winners.length !== laws.length) throw new ShapeError('winners', `${laws.length}`, `${winners.length}`);
  for (const [l, law] of laws.entries()) {
    if (law.length !== size) throw new ShapeError(`law ${l}`, `${size} weights, as in the first`, `${law.length}`);
    const negative = Array.from(law).findIndex((weight) => !(compare(weight, zero) >= 0));
    if (negative >= 0) throw new LawError(`law ${l}, weight ${negative}`, 'at least 0', String(law[negative]));
    if (law[winners[l]!] === undefined) throw new ShapeError(`winner ${l}`, `a token below ${size}`, `${winners[l]}`);
  }
}

/**
 * `max_l l_y / l_(w_l)` over the laws that each winner wins under, for every token y that wins under none.
 * @shape [losers][d]
 */
function losersRates<T>(
  { zero, divide, compare }: Arithmetic<T>,
  laws: readonly ArrayLike<T>[],
  winners: readonly number[],
  different: readonly number[],
): T[][] {
  const losers = Array.from(laws[0]!, (_, token) => token).filter((token) => !different.includes(token));
  return losers.map((token) =>
    different.map((winner) => {
      const ratios = laws.flatMap((law, l) => (winners[l] === winner ? [divide(law[token]!, law[winner]!)] : []));
      return ratios.reduce((a, b) => (compare(a, b) >= 0 ? a : b), zero);
    }),
  );
}

/** `max_w rate_w ray_w`. */
function largestTerm<T>({ zero, multiply, compare }: Arithmetic<T>, rate: readonly T[], ray: readonly T[]): T {
  return rate.map((own, w) => multiply(own, ray[w]!)).reduce((a, b) => (compare(a, b) >= 0 ? a : b), zero);
}

/** The parts of a cone where a form is at least and at most zero. */
function cut<T>(arithmetic: Arithmetic<T>, cone: Cone<T>, form: Form<T>): Parts<T> {
  const valueAt = (ray: readonly T[]): T =>
    sum(
      arithmetic,
      ray.map((entry, w) => arithmetic.multiply(entry, form[w]!)),
    );
  return divided(arithmetic, cone, cone.rays.map(valueAt));
}

/**
 * Where a form has both signs on the rays, a ray on which it is zero is put between a positive and a negative one and
 * replaces each of them in turn. This gives two cones with one opposite pair less, and the volume is shared in the
 * ratio in which the new ray divides the two. Its value is set to zero, not computed: rounding would give it a sign.
 */
function divided<T>(arithmetic: Arithmetic<T>, cone: Cone<T>, values: readonly T[]): Parts<T> {
  const { zero, add, subtract, multiply, divide, compare } = arithmetic;
  const over = values.findIndex((value) => compare(value, zero) > 0);
  const under = values.findIndex((value) => compare(value, zero) < 0);
  if (under < 0) return { above: [cone], below: [] };
  if (over < 0) return { above: [], below: [cone] };
  const share = divide(values[over]!, subtract(values[over]!, values[under]!)); // of the ray below in the new one
  const rest = subtract(arithmetic.one, share);
  const ray = cone.rays[under]!.map((entry, w) => add(multiply(share, entry), multiply(rest, cone.rays[over]![w]!)));
  const inPlaceOf = (old: number, part: T): Parts<T> => {
    const smaller = { rays: cone.rays.with(old, ray), volume: multiply(cone.volume, part) };
    return divided(arithmetic, smaller, values.with(old, zero));
  };
  const [first, second] = [inPlaceOf(under, share), inPlaceOf(over, rest)];
  return { above: [...first.above, ...second.above], below: [...first.below, ...second.below] };
}

/**
 * Joint law of the winners of two races of the same clocks: `P(i wins under p and j wins under q)`.
 * @shape p, q: [V]; result: [V][V]
 * @throws as {@link raceProbability} does.
 * @example
 * import assert from 'node:assert/strict';
 * import { jointRaceLaw } from 'turbo-lora/chance';
 * import { float64 } from 'turbo-lora/numerics';
 * assert.deepEqual(jointRaceLaw(float64, [0.5, 0.5], [0.25, 0.75])[0], [0.25, 0.25]);
 */
export function jointRaceLaw<T>(arithmetic: Arithmetic<T>, p: ArrayLike<T>, q: ArrayLike<T>): T[][] {
  return Array.from(p, (_, i) => Array.from(q, (_, j) => raceProbability(arithmetic, [p, q], [i, j])));
}
