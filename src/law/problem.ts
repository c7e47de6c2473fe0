/**
 * A problem: what a target and a drafter want to say after every prefix, and the shape of the drafts. Everything that an
 * acceptance rule's output law depends on, as exact rationals.
 * @packageDocumentation
 */
import Fraction from 'fraction.js';
import { z } from 'zod';
import type { Drawn } from '../draft/draft.ts';
import { FormatError, LawError, TokenError, WorkLimitError } from '../errors.ts';
import { rational, sum } from '../numerics/arithmetic.ts';
import { exactNumber } from './exact-number.ts';
import { operationCost } from './metered.ts';
import { keyOf } from './prefix.ts';
import { parentsFrom, shapeShape } from './shape.ts';

/** A probability for each token. */
export type ExactLaw = readonly Fraction[];

/** The law of the next token after each prefix, which holds the tokens since the round began. */
export type ExactLaws = (prefix: readonly number[]) => ExactLaw;

/** One round to be judged. */
export interface Problem {
  readonly vocabulary: number;
  readonly target: ExactLaws;
  readonly draft: ExactLaws;
  /**
   * Shape of the draft: the parent of each node, -1 for the root, parents first. A node is left out, with what hangs on
   * it, when its parent has fewer tokens of positive probability than children.
   */
  readonly parents: readonly number[];
  /** How the children of a node come to be. */
  readonly drawn: Drawn;
  /** The laws that were divided by their sum; left out where none was. */
  readonly normalized?: readonly NormalizedLaw[];
}

/** A law that was read with a sum of nearly one and divided by it. */
export interface NormalizedLaw {
  readonly law: string;
  /** The sum less one. */
  readonly excess: Fraction;
}

/** How a problem is read. */
export interface ProblemOptions {
  /** Divide laws by their sum, exactly, when it is one but for rounding: within 1/100. */
  readonly normalize?: boolean;
}

/** Sums that are off by this much or less are taken for rounding. */
const ROUNDING = new Fraction(1, 100);

const numberShape = z
  .union([z.string(), z.number()])
  .describe('A probability: "2/5", "0.4" or 0.4. A JSON number stands for its shortest decimal.');
const lawShape = z.array(numberShape).min(1).describe('One probability per token; they sum to one exactly.');
const lawsShape = z
  .union([
    lawShape,
    z.strictObject({
      default: lawShape.optional().describe('The law after every prefix that is not listed.'),
      after: z
        .record(z.string().regex(/^(\d+( \d+)*)?$/), lawShape)
        .optional()
        .describe('Laws by prefix: token ids with one space between them; "" is the start of the round.'),
    }),
  ])
  .describe('One law for all prefixes, or laws by prefix.');
/** A problem as JSON. `spec/problem.schema.json` is made from it. */
export const problemShape = z
  .strictObject({
    vocabulary: z.int().min(1).max(1_000_000),
    target: lawsShape,
    draft: lawsShape,
    shape: shapeShape.optional(),
    drawn: z
      .enum(['independent', 'without-replacement', 'top'])
      .optional()
      .describe('How the children of a node come to be; independent draws when left out.'),
  })
  .describe('A target, a drafter and the shape of its drafts.') satisfies z.ZodType<unknown, ProblemInput>;

/** One law as JSON: a probability per token, such as "2/5", "0.4" or 0.4. */
export type LawInput = (string | number)[];

/** One law for all prefixes, or laws by prefix (token ids with a space between them) and a default for the others. */
export type LawsInput = LawInput | { default?: LawInput | undefined; after?: Record<string, LawInput> | undefined };

/** A problem as JSON holds it. */
export interface ProblemInput {
  vocabulary: number;
  target: LawsInput;
  draft: LawsInput;
  /** Left out: a chain of one token. */
  shape?: { chain: number } | { children: number[] } | { parents: number[] } | undefined;
  /** Left out: independent draws. */
  drawn?: Drawn | undefined;
}

/**
 * Reads a problem from a parsed JSON value (SPEC-PROBLEM). Without a shape the draft is one token.
 * @throws {@link FormatError} when a key is missing, unknown or of the wrong kind; {@link LawError} when a law has the
 * wrong length, a negative probability or does not sum to one; {@link WorkLimitError} when its sum would take too long; {@link TokenError} when a prefix holds a token outside the
 * vocabulary; {@link ShapeError} when parents do not come before their children.
 * @example
 * import assert from 'node:assert/strict';
 * import { problemFrom } from 'turbo-lora/law';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: [0.8, 0.2], shape: { chain: 2 } });
 * assert.deepEqual(problem.parents, [-1, 0]);
 * assert.equal(problem.draft([1])[0]!.toFraction(), '4/5');
 */
export function problemFrom(value: unknown, label = 'problem', options: ProblemOptions = {}): Problem {
  const parsed = problemShape.safeParse(value);
  if (!parsed.success) throw firstIssue(label, parsed.error);
  const { vocabulary, target, draft, shape = { chain: 1 }, drawn = 'independent' } = parsed.data;
  const normalized: NormalizedLaw[] = [];
  const read = (name: string, laws: z.output<typeof lawsShape>): ExactLaws =>
    lawsFrom(name, laws, vocabulary, (law, label) => readLaw(label, law, vocabulary, options, normalized));
  const problem = {
    vocabulary,
    target: read('target law', target),
    draft: read('draft law', draft),
    parents: parentsFrom(shape),
    drawn,
  };
  return normalized.length === 0 ? problem : { ...problem, normalized };
}

/**
 * Asserts that numbers are a law over a vocabulary: its length, nothing negative, the sum exactly one.
 * @throws {@link LawError} when they are not; a wrong sum is named with its distance from one.
 */
export function checkLaw(label: string, law: ExactLaw, vocabulary: number): void {
  if (law.length !== vocabulary) throw new LawError(label, `${vocabulary} probabilities`, `${law.length}`);
  for (const [token, probability] of law.entries()) {
    if (probability.compare(0) < 0) {
      throw new LawError(`${label}, token ${token}`, 'a probability of at least 0', probability.toFraction());
    }
  }
  const total = sum(rational, law);
  if (total.equals(1)) return;
  const excess = total.sub(1);
  const off = `${excess.abs().toFraction()} too ${excess.compare(0) < 0 ? 'little' : 'much'}`;
  const rounded = excess.abs().compare(ROUNDING) <= 0 ? ' (rounded numbers: normalize divides them by their sum)' : '';
  throw new LawError(label, 'probabilities that sum to 1', `${total.toFraction()}, ${off}${rounded}`);
}

function firstIssue(label: string, error: z.ZodError): FormatError {
  let path: PropertyKey[] = [];
  let issue: z.core.$ZodIssue = error.issues[0]!;
  for (;;) {
    path = [...path, ...issue.path];
    if (issue.code !== 'invalid_union') break;
    // Of the alternatives, the one that went deepest is the one that was meant.
    const deepest = issue.errors.flat().sort((a, b) => depth(b) - depth(a))[0];
    if (deepest === undefined) break;
    issue = deepest;
  }
  return new FormatError([label, ...path.map(String)].join(': '), 'what spec/ says', issue.message);
}

function depth(issue: z.core.$ZodIssue): number {
  return issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0);
}

/** Reads one law, divided by its sum where that is wanted and the sum is one but for rounding. */
function readLaw(
  label: string,
  numbers: readonly (string | number)[],
  vocabulary: number,
  { normalize = false }: ProblemOptions,
  normalized: NormalizedLaw[],
): ExactLaw {
  checkLength(label, numbers);
  const law = numbers.map((number, token) => exactNumber(`${label}, token ${token}`, number));
  const total = sum(rational, law);
  const excess = total.sub(1);
  if (!normalize || excess.equals(0) || excess.abs().compare(ROUNDING) > 0) {
    checkLaw(label, law, vocabulary);
    return law;
  }
  normalized.push({ law: label, excess });
  const divided = law.map((probability) => probability.div(total));
  checkLaw(label, divided, vocabulary);
  return divided;
}

/** The most that it may take to read one law: some seconds. */
const MOST_READING = 1e7;

/**
 * Asserts that the sum of a law can be taken. Its denominator is at most the product of the different ones; each of the terms is
 * reduced at that length.
 */
function checkLength(label: string, numbers: readonly (string | number)[]): void {
  const texts = numbers.map(String);
  const denominators = new Set(texts.flatMap((text) => text.split('/').slice(1)));
  const places = texts.reduce((most, text) => Math.max(most, decimalPlaces(text)), 0);
  const digits = [...denominators].reduce((total, denominator) => total + denominator.length, places);
  const cost = numbers.length * operationCost(digits * Math.log2(10));
  if (cost <= MOST_READING) return;
  const got = `${numbers.length} numbers with ${digits} digits in all different denominators`;
  throw new WorkLimitError(label, `fractions that take at most ${MOST_READING} operations to add`, got);
}

/** Digits after the point of a decimal, its exponent taken into account. */
function decimalPlaces(text: string): number {
  const [digits = '', exponent = '0'] = text.split(/[eE]/);
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent)) || 0;
}

function lawsFrom(
  label: string,
  input: z.output<typeof lawsShape>,
  vocabulary: number,
  read: (law: readonly (string | number)[], label: string) => ExactLaw,
): ExactLaws {
  const listed = new Map<string, ExactLaw>();
  const { default: byDefault, after = {} } = Array.isArray(input) ? { default: input } : input;
  const fallback = byDefault === undefined ? null : read(byDefault, label);
  for (const [key, numbers] of Object.entries(after)) {
    const prefix = key === '' ? [] : key.split(' ').map(Number);
    for (const token of prefix) {
      if (token >= vocabulary) throw new TokenError(`${label} after [${key}]`, `ids in [0, ${vocabulary})`, `${token}`);
    }
    listed.set(keyOf(prefix), read(numbers, `${label} after [${key}]`));
  }
  return (prefix) => {
    const law = listed.get(keyOf(prefix)) ?? fallback;
    if (law === null) throw new LawError(`${label} after [${keyOf(prefix)}]`, 'a law or a default', 'neither');
    return law;
  };
}
