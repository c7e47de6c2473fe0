/**
 * A problem: the laws of a target and a drafter after every prefix, and the shape of the drafts. That is everything an
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

/** The law of the next token after each prefix; a prefix holds the tokens since the round began. */
export type ExactLaws = (prefix: readonly number[]) => ExactLaw;

/** One round to be judged. */
export interface Problem {
  readonly vocabulary: number;
  readonly target: ExactLaws;
  readonly draft: ExactLaws;
  /**
   * Shape of the draft: the parent of each node, -1 for the root, parents first. A node and its subtree are left out
   * when its parent has fewer tokens of positive probability than children.
   */
  readonly parents: readonly number[];
  /** How the children of a node are drawn. */
  readonly drawn: Drawn;
  /** The laws that were divided by their sum; absent if there were none. */
  readonly normalized?: readonly NormalizedLaw[];
}

/** A law whose sum was nearly one when it was read, and which was divided by it. */
export interface NormalizedLaw {
  readonly law: string;
  /** The sum minus one. */
  readonly excess: Fraction;
}

/** How a problem is read. */
export interface ProblemOptions {
  /** Divide laws by their exact sum if it is one up to rounding: within 1/100. */
  readonly normalize?: boolean;
}

/** A sum that is off by at most this is treated as a rounding error. */
const ROUNDING = new Fraction(1, 100);

const numberShape = z
  .union([z.string(), z.number()])
  .describe('A probability: "2/5", "0.4" or 0.4. A JSON number means its shortest decimal.');
const lawShape = z.array(numberShape).min(1).describe('One probability per token; they sum to exactly one.');
const lawsShape = z
  .union([
    lawShape,
    z.strictObject({
      default: lawShape.optional().describe('The distribution after every prefix that is not listed.'),
      after: z
        .record(z.string().regex(/^(\d+( \d+)*)?$/), lawShape)
        .optional()
        .describe('Distributions by prefix: token ids separated by one space; "" is the start of the round.'),
    }),
  ])
  .describe('One distribution for all prefixes, or distributions by prefix.');
/** A problem as JSON. `spec/problem.schema.json` is generated from it. */
export const problemShape = z
  .strictObject({
    vocabulary: z.int().min(1).max(1_000_000),
    target: lawsShape,
    draft: lawsShape,
    shape: shapeShape.optional(),
    drawn: z
      .enum(['independent', 'without-replacement', 'top'])
      .optional()
      .describe('How the children of a node are drawn; by default independently.'),
  })
  .describe('A target, a drafter and the shape of its drafts.') satisfies z.ZodType<unknown, ProblemInput>;

/** One law as JSON: a probability per token, such as "2/5", "0.4" or 0.4. */
export type LawInput = (string | number)[];

/** One law for all prefixes, or laws by prefix (token ids separated by spaces) and a default for the others. */
export type LawsInput = LawInput | { default?: LawInput | undefined; after?: Record<string, LawInput> | undefined };

/** A problem as JSON holds it. */
export interface ProblemInput {
  vocabulary: number;
  target: LawsInput;
  draft: LawsInput;
  /** By default a chain of one token. */
  shape?: { chain: number } | { children: number[] } | { parents: number[] } | undefined;
  /** By default independent draws. */
  drawn?: Drawn | undefined;
}

/**
 * Reads a problem from a parsed JSON value (SPEC-PROBLEM). Without a shape the draft is one token.
 * @throws {@link FormatError} when a key is missing, unknown or of the wrong kind; {@link LawError} when a law has the
 * wrong length, a negative probability or does not sum to one; {@link WorkLimitError} when adding it up would take too
 * long; {@link TokenError} when a prefix holds a token outside the vocabulary; {@link ShapeError} when parents do not
 * come before their children.
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
    target: read('target distribution', target),
    draft: read('draft distribution', draft),
    parents: parentsFrom(shape),
    drawn,
  };
  return normalized.length === 0 ? problem : { ...problem, normalized };
}

/**
 * Asserts that numbers are a law over a vocabulary: its length, nothing negative, the sum exactly one.
 * @throws {@link LawError} when they are not; for a wrong sum the message states its distance from one.
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
  const rounded = excess.abs().compare(ROUNDING) <= 0 ? ' (rounded numbers? normalize divides them by their sum)' : '';
  throw new LawError(label, 'probabilities that sum to 1', `${total.toFraction()}, ${off}${rounded}`);
}

function firstIssue(label: string, error: z.ZodError): FormatError {
  let path: PropertyKey[] = [];
  let issue: z.core.$ZodIssue = error.issues[0]!;
  for (;;) {
    path = [...path, ...issue.path];
    if (issue.code !== 'invalid_union') break;
    // The alternative that matched deepest is the one that was meant.
    const deepest = issue.errors.flat().sort((a, b) => depth(b) - depth(a))[0];
    if (deepest === undefined) break;
    issue = deepest;
  }
  return new FormatError(
    [label, ...path.map(String)].join(': '),
    'JSON as spec/problem.schema.json describes',
    issue.message,
  );
}

function depth(issue: z.core.$ZodIssue): number {
  return issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0);
}

/** Reads one law, divided by its sum if requested and if the sum is one up to rounding. */
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

/** The most work for reading one law: some seconds. */
const MOST_READING = 1e7;

/**
 * Asserts that the probabilities of a law can be added up. The denominator of the sum is at most the product of the
 * different denominators; each term is reduced at that length.
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

/** Digits after the point of a decimal, including the effect of its exponent. */
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
    if (law === null) throw new LawError(`${label} after [${keyOf(prefix)}]`, 'a distribution or a default', 'neither');
    return law;
  };
}
