/**
 * A problem as JSON.
 * @packageDocumentation
 */
import { z } from 'zod';
import type { Drawn } from '../draft/draft.ts';
import { FormatError, LawError, TokenError } from '../errors.ts';
import { readLaw } from './exact-law.ts';
import { keyOf } from './prefix.ts';
import type { ExactLaw, ExactLaws, NormalizedLaw, Problem } from './problem.ts';
import { parentsFrom, shapeShape } from './shape.ts';

/** How a problem is read. */
export interface ProblemOptions {
  /** Divide laws by their exact sum if it is one up to rounding: within 1/100. */
  readonly normalize?: boolean;
}

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
