/**
 * A line of a trace: a round as the auditor reads it, and what `generate --trace` adds. A line with laws can be judged
 * without a problem, because it contains the target's laws.
 * @packageDocumentation
 */
import { z } from 'zod';
import { PURPOSES } from '../chance/slot.ts';
import { childrenOf } from '../draft/draft.ts';
import { FormatError, LawError } from '../errors.ts';
import { roundShape, tokensShape } from './round-shape.ts';

const sparseShape = z
  .strictObject({ tokens: tokensShape, probabilities: z.array(z.number().min(0).max(1)) })
  .describe('The tokens of positive probability, ascending, and their probabilities.');
const nodeLawShape = sparseShape.extend({
  node: z.int().min(-1).describe('Index of the drafted token that the distribution follows; -1 for the text.'),
});
const drawShape = z.strictObject({
  purpose: z.enum(PURPOSES).describe('The purpose of the draw.'),
  position: z.int().min(0).describe('Index in the text of the token that the draw helped to decide.'),
  token: z.int().min(0).optional().describe('In a race: the token whose clock it is.'),
  uniform: z.number().min(0).max(1).describe('The random number, in [0, 1).'),
});

/** One line of a trace as JSON. `spec/trace.schema.json` is generated from it. */
export const traceShape = roundShape
  .extend({
    prompt: z.int().min(0).optional().describe('Index of the prompt in the command, from 0.'),
    run: z.string().optional().describe('The kind of run: generate, plain or speculative.'),
    round: z.int().min(0).optional().describe('Index of the pass in the run, from 0.'),
    fed: tokensShape
      .optional()
      .describe('New tokens that the target read in this pass: first the prompt, then the last token of each round.'),
    stop: z.string().nullable().optional().describe('Why the text ended with this round; null if it goes on.'),
    draws: z.array(drawShape).optional().describe('Every random number of the round, in order.'),
    target_laws: z
      .array(nodeLawShape)
      .optional()
      .describe('The target distribution after each node that the rule read.'),
    draft_laws: z
      .array(z.union([z.literal('point'), sparseShape]))
      .optional()
      .describe('The distribution that each drafted token was verified with; point for one that was not drawn.'),
  })
  .describe('One round of speculative decoding as written by generate --trace: one line of a JSON lines file.');

/** A law that lists only the possible tokens. */
export interface SparseLaw {
  /** Ascending. */
  readonly tokens: readonly number[];
  /** One per token, divided by their sum. */
  readonly probabilities: readonly number[];
}

/** A round that brings its own laws. */
export interface TracedRound {
  readonly drafted: readonly number[];
  readonly parents: readonly number[];
  readonly emitted: readonly number[];
  /** The target's law before each emitted token. */
  readonly targetLaws: readonly SparseLaw[];
  /** The law that each drafted token was verified with; null when the line does not record it. */
  readonly draftLaws: readonly (SparseLaw | 'point')[] | null;
}

/** A sum farther from one than this is not a rounding error. */
const ROUNDING = 0.01;

/**
 * Reads a round with laws from a parsed JSON value. A round that ends its text may have emitted fewer tokens than one
 * more than it accepted; each emitted token has a law.
 * @throws {@link FormatError} when a key is missing, unknown or of the wrong kind, or an emitted token has no law;
 * {@link LawError} when a law is invalid.
 * @example
 * import assert from 'node:assert/strict';
 * import { tracedRoundFrom } from 'turbo-lora/law';
 * const coin = { tokens: [0, 1], probabilities: [0.5, 0.5] };
 * const line = { drafted: [], accepted: 0, emitted: [1], target_laws: [{ node: -1, ...coin }] };
 * assert.deepEqual(tracedRoundFrom(line).targetLaws, [coin]);
 */
export function tracedRoundFrom(value: unknown, label = 'round'): TracedRound {
  const parsed = traceShape.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new FormatError([label, ...path.map(String)].join(': '), 'JSON as spec/trace.schema.json describes', message);
  }
  const { drafted = [], accepted, emitted, target_laws: listed, draft_laws: drafts } = parsed.data;
  const parents = parsed.data.parents ?? drafted.map((_, node) => node - 1);
  if (parsed.data.times !== undefined)
    throw new FormatError(`${label}: times`, 'single rounds, because the distributions change', 'a count');
  if (listed === undefined) {
    throw new FormatError(label, 'target_laws (written by generate --trace-laws), or a problem', 'neither');
  }
  if (parents.length !== drafted.length) {
    throw new FormatError(`${label}: parents`, `${drafted.length}, one for each drafted token`, `${parents.length}`);
  }
  if (drafts !== undefined && drafts.length !== drafted.length) {
    throw new FormatError(`${label}: draft_laws`, `${drafted.length}, one for each drafted token`, `${drafts.length}`);
  }
  checkLength(label, accepted, emitted.length, parsed.data.stop ?? null);
  const byNode = new Map(
    listed.map(({ node, ...law }) => [node, readSparse(`${label}: target_laws: node ${node}`, law)]),
  );
  return {
    drafted,
    parents,
    emitted,
    targetLaws: lawsAlong({ drafted, parents, accepted, emitted }, byNode, label),
    draftLaws:
      drafts?.map((law, node) => (law === 'point' ? law : readSparse(`${label}: draft_laws: ${node}`, law))) ?? null,
  };
}

function checkLength(label: string, accepted: number, emitted: number, stop: string | null): void {
  if (emitted === accepted + 1 || (stop !== null && emitted === accepted)) return;
  throw new FormatError(`${label}: emitted`, `${accepted} accepted tokens and one more`, `${emitted} tokens`);
}

function readSparse(label: string, { tokens, probabilities }: SparseLaw): SparseLaw {
  if (probabilities.length !== tokens.length) {
    throw new LawError(label, `${tokens.length} probabilities, one for each token`, `${probabilities.length}`);
  }
  const wrong = tokens.findIndex((token, i) => i > 0 && token <= tokens[i - 1]!);
  if (wrong >= 0)
    throw new LawError(`${label}: tokens: ${wrong}`, 'an id larger than the previous one', `${tokens[wrong]}`);
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  if (!(Math.abs(total - 1) <= ROUNDING))
    throw new LawError(label, 'probabilities that sum to 1 up to rounding', `${total}`);
  return { tokens, probabilities: probabilities.map((p) => p / total) };
}

/**
 * The law before each emitted token: after the text, then after each accepted node. Several nodes may spell the same
 * prefix.
 */
function lawsAlong(
  { drafted, parents, accepted, emitted }: Pick<TracedRound, 'drafted' | 'parents' | 'emitted'> & { accepted: number },
  byNode: ReadonlyMap<number, SparseLaw>,
  label: string,
): SparseLaw[] {
  const draft = { tokens: drafted, parents, laws: [] };
  let nodes = [-1];
  return emitted.map((token, n) => {
    const law = nodes.map((node) => byNode.get(node)).find((one) => one !== undefined);
    if (law === undefined) throw new FormatError(`${label}: target_laws`, `one before emitted token ${n}`, 'none');
    nodes = nodes.flatMap((node) => childrenOf(draft, node).filter((child) => drafted[child] === token));
    if (n < accepted && nodes.length === 0) {
      throw new FormatError(`${label}: emitted: ${n}`, 'an accepted drafted token', `${token}`);
    }
    return law;
  });
}
