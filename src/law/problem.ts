/**
 * A problem: what a target and a drafter want to say after every prefix, and the shape of the drafts. Everything that an
 * acceptance rule's output law depends on, as exact rationals.
 * @packageDocumentation
 */
import type Fraction from 'fraction.js';
import { z } from 'zod';
import { type Drawn, depthOf } from '../draft/draft.ts';
import { FormatError, LawError, ShapeError, TokenError } from '../errors.ts';
import { rational, sum } from '../numerics/arithmetic.ts';
import { exactNumber } from './exact-number.ts';

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
}

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
const shapeShape = z
  .union([
    z.strictObject({ chain: z.int().min(0).max(64) }).describe('A chain of so many tokens.'),
    z.strictObject({ children: z.array(z.int().min(1)).max(64) }).describe('Children of every node, by depth.'),
    z
      .strictObject({ parents: z.array(z.int().min(-1)).max(4096) })
      .describe('The parent of each node; -1 for the root.'),
  ])
  .describe('The shape of the draft.');

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
 * wrong length, a negative probability or does not sum to one; {@link TokenError} when a prefix holds a token outside the
 * vocabulary; {@link ShapeError} when parents do not come before their children.
 * @example
 * import assert from 'node:assert/strict';
 * import { problemFrom } from 'turbo-lora';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: [0.8, 0.2], shape: { chain: 2 } });
 * assert.deepEqual(problem.parents, [-1, 0]);
 * assert.equal(problem.draft([1])[0]!.toFraction(), '4/5');
 */
export function problemFrom(value: unknown, label = 'problem'): Problem {
  const parsed = problemShape.safeParse(value);
  if (!parsed.success) throw firstIssue(label, parsed.error);
  const { vocabulary, target, draft, shape = { chain: 1 }, drawn = 'independent' } = parsed.data;
  return {
    vocabulary,
    target: lawsFrom('target law', target, vocabulary),
    draft: lawsFrom('draft law', draft, vocabulary),
    parents: parentsFrom(shape),
    drawn,
  };
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
  throw new LawError(label, 'probabilities that sum to 1', `${total.toFraction()}, ${off}`);
}

/** A prefix as a key: token ids with spaces between them. */
export function keyOf(prefix: readonly number[]): string {
  return prefix.join(' ');
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

function lawsFrom(label: string, input: z.output<typeof lawsShape>, vocabulary: number): ExactLaws {
  const listed = new Map<string, ExactLaw>();
  const read = (name: string, numbers: readonly (string | number)[]): ExactLaw => {
    const law = numbers.map((number, token) => exactNumber(`${name}, token ${token}`, number));
    checkLaw(name, law, vocabulary);
    return law;
  };
  const { default: byDefault, after = {} } = Array.isArray(input) ? { default: input } : input;
  const fallback = byDefault === undefined ? null : read(label, byDefault);
  for (const [key, numbers] of Object.entries(after)) {
    const prefix = key === '' ? [] : key.split(' ').map(Number);
    for (const token of prefix) {
      if (token >= vocabulary) throw new TokenError(`${label} after [${key}]`, `ids in [0, ${vocabulary})`, `${token}`);
    }
    listed.set(keyOf(prefix), read(`${label} after [${key}]`, numbers));
  }
  return (prefix) => {
    const law = listed.get(keyOf(prefix)) ?? fallback;
    if (law === null) throw new LawError(`${label} after [${keyOf(prefix)}]`, 'a law or a default', 'neither');
    return law;
  };
}

/** The longest branch of a draft: rules that go down a tree call themselves once per level. */
const DEEPEST = 1024;

function parentsFrom(shape: z.output<typeof shapeShape>): number[] {
  const parents = listedParents(shape);
  const depth = depthOf({ tokens: parents, parents, laws: [] });
  if (depth > DEEPEST) throw new ShapeError('shape', `branches of at most ${DEEPEST} tokens`, `${depth}`);
  return parents;
}

function listedParents(shape: z.output<typeof shapeShape>): number[] {
  if ('chain' in shape) return Array.from({ length: shape.chain }, (_, node) => node - 1);
  if ('children' in shape) return parentsOfFullTree(shape.children);
  shape.parents.forEach((parent, node) => {
    if (parent >= node) throw new ShapeError(`parent of node ${node}`, '-1 or an earlier node', `${parent}`);
  });
  return shape.parents;
}

/**
 * Parents of the full tree with this many children per node at each depth, level by level.
 * @throws {@link ShapeError} when it has more than 4096 nodes.
 * @example
 * import assert from 'node:assert/strict';
 * import { parentsOfFullTree } from 'turbo-lora';
 * assert.deepEqual(parentsOfFullTree([2, 1]), [-1, -1, 0, 1]);
 */
export function parentsOfFullTree(children: readonly number[]): number[] {
  const parents: number[] = [];
  let level = [-1];
  for (const count of children) {
    if (parents.length + level.length * count > 4096) throw new ShapeError('tree', 'at most 4096 nodes', 'more');
    const next: number[] = [];
    for (const parent of level) {
      for (let child = 0; child < count; child++) next.push(parents.push(parent) - 1);
    }
    level = next;
  }
  return parents;
}
