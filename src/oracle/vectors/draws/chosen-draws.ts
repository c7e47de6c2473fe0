/**
 * Which draws become cases.
 * @packageDocumentation
 */
import type { DrawMethod } from '../../../chance/chance.ts';
import { exp } from '../../../numerics/elementary.ts';
import { type Dice, diceOf } from '../dice.ts';
import { caughtDrawFaults, INVERSE_CDF_FAULTS, RACE_FAULTS } from './draw-faults.ts';
import { type DrawFlag, drawFlags } from './draw-flags.ts';
import { type DrawInputs, type DrawnToken, drawnToken } from './drawn-token.ts';

/** How the draws of a group are made. */
export interface DrawClass {
  readonly name: string;
  readonly source: string;
  readonly vocabulary: number;
  /** Draws that are tried. */
  readonly tries: number;
  /** Whether draws near a boundary, but not on it, are left out. */
  readonly clear: boolean;
  weights(dice: Dice, vocabulary: number): number[];
  uniform(dice: Dice): number;
}

const FLOAT32_STEPS = 2 ** 24;
const FLOAT64_STEPS = 2 ** 53;

/** The classes, in the order of their groups. */
export const DRAW_CLASSES: readonly DrawClass[] = [
  {
    name: 'grid',
    source: 'weights and uniforms are multiples of 1/8, exact in bfloat16: uniforms are often on a boundary',
    ...{ vocabulary: 5, tries: 200, clear: false },
    weights: (dice, vocabulary) => balls(dice, vocabulary, 8).map((count) => count / 8),
    uniform: (dice) => dice.below(8) / 8,
  },
  {
    name: 'residual',
    source: 'multiples of 1/16 that do not sum to one, as a residual before it is normalized',
    ...{ vocabulary: 5, tries: 100, clear: false },
    weights: (dice, vocabulary) => balls(dice, vocabulary, dice.pick([1, 2, 4, 24])).map((count) => count / 16),
    uniform: (dice) => dice.below(16) / 16,
  },
  {
    name: 'float32',
    source:
      'a softmax in float32, whose sum is not exactly one; uniforms are multiples of 2^-24, 0 and the largest among them',
    ...{ vocabulary: 16, tries: 150, clear: true },
    weights: float32Law,
    uniform: (dice) =>
      dice.pick([0, 1 - 1 / FLOAT32_STEPS, ...[0, 0, 0].map(() => dice.below(FLOAT32_STEPS) / FLOAT32_STEPS)]),
  },
  {
    name: 'float64',
    source: 'random float64 weights; uniforms are multiples of 2^-53, 0 and the largest among them',
    ...{ vocabulary: 8, tries: 60, clear: true },
    weights: (dice, vocabulary) => Array.from({ length: vocabulary }, () => (dice.once(4) ? 0 : wide(dice))),
    uniform: (dice) => dice.pick([0, 1 - 1 / FLOAT64_STEPS, 1 / FLOAT64_STEPS, wide(dice), wide(dice)]),
  },
  {
    name: 'wide',
    source: 'a softmax in float32 over many tokens',
    ...{ vocabulary: 256, tries: 8, clear: true },
    weights: float32Law,
    uniform: (dice) => dice.below(FLOAT32_STEPS) / FLOAT32_STEPS,
  },
];

/** A draw that was chosen. */
export interface ChosenDraw {
  readonly inputs: DrawInputs;
  readonly drawn: DrawnToken;
  readonly flags: readonly DrawFlag[];
  readonly faults: readonly string[];
}

/** Draws nearer to their boundary than this are left out where nothing is exact. */
const NEAR = 1e-4;
/** Draws taken as they come, and draws that every flag and fault is to have. */
const [AS_THEY_COME, WANTED] = [6, 4];

/** The draws of a class. */
export function chosenDraws(method: DrawMethod, kind: DrawClass, seed: number): ChosenDraw[] {
  const shown = new Map<string, number>();
  const chosen: ChosenDraw[] = [];
  for (let i = 0; i < kind.tries; i++) {
    const found = drawOf(method, kind, diceOf(seed * 1024 + i));
    if (found === null) continue;
    const shows = [...found.flags, ...found.faults];
    if (i >= AS_THEY_COME && shows.every((each) => (shown.get(each) ?? 0) >= WANTED)) continue;
    for (const each of shows) shown.set(each, (shown.get(each) ?? 0) + 1);
    chosen.push(found);
  }
  return chosen;
}

/** Null for a draw without mass, and one that rounding decides. */
function drawOf(method: DrawMethod, kind: DrawClass, dice: Dice): ChosenDraw | null {
  const isRace = method === 'race';
  const law = Float64Array.from(kind.weights(dice, kind.vocabulary));
  const uniforms = Float64Array.from({ length: isRace ? kind.vocabulary : 1 }, () => kind.uniform(dice));
  if (!law.some((weight) => weight > 0)) return null;
  const inputs = { law, uniforms };
  const drawn = drawnToken(method, inputs);
  const isExtreme = !isRace && (uniforms[0] === 0 || uniforms[0]! > 1 - 2 / FLOAT32_STEPS);
  const isNear = (isRace || kind.clear) && !isExtreme && drawn.margin < NEAR;
  if (!drawn.exact || isNear) return null;
  const faults = caughtDrawFaults(isRace ? RACE_FAULTS : INVERSE_CDF_FAULTS, inputs, drawn.token);
  return { inputs, drawn, flags: drawFlags(inputs, drawn), faults };
}

/** Throws balls into tokens; about one token in three gets none. */
function balls(dice: Dice, vocabulary: number, count: number): number[] {
  const open = Array.from({ length: vocabulary }, (_, token) => token).filter(() => !dice.once(3));
  const thrown = new Array<number>(vocabulary).fill(0);
  for (let ball = 0; ball < count && open.length > 0; ball++) thrown[dice.pick(open)]! += 1;
  return thrown;
}

/** Tokens of the last quarter, and some others, are removed. */
function float32Law(dice: Dice, vocabulary: number): number[] {
  const terms = Array.from({ length: vocabulary }, (_, token) =>
    token >= (3 * vocabulary) / 4 || dice.once(5) ? 0 : Math.fround(exp((dice.below(2 ** 16) - 2 ** 15) / 2 ** 13)),
  );
  const total = Math.fround(terms.reduce((a, b) => Math.fround(a + b), 0));
  return terms.map((term) => (total === 0 ? 0 : Math.fround(term / total)));
}

/** A multiple of 2^-53. */
function wide(dice: Dice): number {
  return dice.below(2 ** 26) / 2 ** 26 + dice.below(2 ** 27) / FLOAT64_STEPS;
}
