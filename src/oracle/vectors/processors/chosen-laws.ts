/**
 * Which laws become cases: of random ones those that show something, and some as they come.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../../errors.ts';
import { type Dice, diceOf } from '../dice.ts';
import { faultyLaw, LAW_FAULTS, sameLaw } from './faults/index.ts';
import { lawFlags } from './law-flags.ts';
import { type LawInputs, processedLaw } from './law-inputs.ts';
import { toleranceOf } from './law-spread.ts';
import type { LawTopic } from './law-topics.ts';
import type { LawCompare } from './law-vectors.ts';
import type { VectorSettings } from './vector-settings.ts';

/** How the logits of a group are made. */
export interface LawClass {
  readonly name: string;
  readonly source: string;
  readonly vocabulary: number;
  /** Random cases that are tried; edges are tried in every class. */
  readonly tries: number;
  /** Random cases that are taken as they come. */
  readonly taken: number;
  logit(dice: Dice): number;
}

/** The classes, in the order of their groups. */
export const LAW_CLASSES: readonly LawClass[] = [
  {
    name: 'equal',
    source: 'logits are all zero: masses are multiples of 1/8, so cumulative sums are exactly on borders',
    ...{ vocabulary: 8, tries: 0, taken: 0 },
    logit: () => 0,
  },
  {
    name: 'ties',
    source: 'random multiples of 1/2, exact in bfloat16, many of them equal; about one in ten is minus infinity',
    ...{ vocabulary: 8, tries: 120, taken: 4 },
    logit: (dice) => (dice.once(10) ? Number.NEGATIVE_INFINITY : (dice.below(17) - 8) / 2),
  },
  {
    name: 'float32',
    source: 'random multiples of 2^-16, exact in float32',
    ...{ vocabulary: 24, tries: 60, taken: 4 },
    logit: (dice) => (dice.below(2 ** 20) - 2 ** 19) / 2 ** 16,
  },
  {
    name: 'large',
    source: 'random multiples of 1/4 up to 512: exp of them overflows',
    ...{ vocabulary: 8, tries: 6, taken: 2 },
    logit: (dice) => (dice.below(4096) - 2048) / 4,
  },
];

/** A law that was chosen. */
export interface ChosenLaw {
  readonly inputs: LawInputs;
  readonly law: Float64Array;
  readonly compare: LawCompare;
  readonly flags: readonly string[];
  readonly faults: readonly string[];
}

/** Laws that every flag and every fault is to have, as far as they are found. */
const WANTED = 3;

/** The laws of a topic in a class. */
export function chosenLaws(topic: LawTopic, kind: LawClass, seed: number): ChosenLaw[] {
  const shown = new Map<string, number>();
  const chosen: ChosenLaw[] = [];
  const consider = (settings: VectorSettings, dice: Dice, wanted: boolean): void => {
    const found = lawOf(randomInputs(settings, kind, dice));
    if (found === null) return;
    const shows = [...found.flags, ...found.faults];
    if (!wanted && shows.every((each) => (shown.get(each) ?? 0) >= WANTED)) return;
    for (const each of shows) shown.set(each, (shown.get(each) ?? 0) + 1);
    chosen.push(found);
  };
  for (const [i, settings] of topic.edges.entries()) consider(settings, diceOf(seed * 4096 + i), true);
  for (let i = 0; i < kind.tries; i++) {
    const dice = diceOf((seed * 64 + 32) * 4096 + i);
    consider(topic.random(dice, kind.vocabulary), dice, i < kind.taken);
  }
  return chosen;
}

/** A law and what its case says about it; null where settings leave no token, or float32 decides otherwise. */
export function lawOf(inputs: LawInputs): ChosenLaw | null {
  try {
    const law = processedLaw(inputs);
    const tolerance = toleranceOf(inputs, law);
    if (tolerance === null) return null;
    const flags = lawFlags(inputs, law);
    const compare: LawCompare = {
      law: { close: tolerance, ...(flags.includes('TieOrder') && { order: 'any' }) },
    };
    return { inputs, law, compare, flags, faults: caughtLawFaults(inputs, law, compare) };
  } catch (error) {
    if (error instanceof TurboLoraError) return null;
    throw error;
  }
}

/** Names of the faults whose law differs. */
export function caughtLawFaults(inputs: LawInputs, law: Float64Array, compare: LawCompare): string[] {
  const caught = [...LAW_FAULTS.values()].filter((fault) => {
    const faulty = faultyLaw(fault, inputs);
    return faulty !== null && !sameLaw(faulty, law, compare);
  });
  return caught.map(({ name }) => name);
}

/** Tokens below 4 are frequent, so that the text repeats itself. */
function randomInputs(settings: VectorSettings, kind: LawClass, dice: Dice): LawInputs {
  const { vocabulary } = kind;
  const text = (least: number, more: number): number[] =>
    Array.from({ length: least + dice.below(more) }, () => dice.below(dice.once(3) ? vocabulary : 4));
  const [prompt, generated, drafted] = [text(1, 5), text(0, 4), text(0, 4)];
  const logits = Float64Array.from({ length: vocabulary }, () => kind.logit(dice));
  return { vocabulary, prompt, generated, drafted, settings, logits };
}
