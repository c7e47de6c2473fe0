/**
 * Vectors of rounds: target and draft laws, a tree and uniforms, and what a rule emits.
 * @packageDocumentation
 */
import { z } from 'zod';
import type { Drawn } from '../../../draft/draft.ts';
import type { Rule } from '../../../verify/rule.ts';
import { type HexTensor, hexRows, hexTensorShape, rowsOf } from '../hex-tensor.ts';
import { type VectorTest, vectorFileShape } from '../vector-file.ts';
import { flagsOf } from './flags.ts';
import type { PlayedRound, RoundInputs } from './played-round.ts';

const tokens = z.array(z.int().min(0)).readonly();

/** Inputs of a case, as they are in a file. */
export interface RoundVectorInputs {
  /** Drafted tokens. */
  readonly tokens: readonly number[];
  /** The node that each follows; -1: the text. */
  readonly parents: readonly number[];
  /** How siblings were drawn. */
  readonly drawn: Drawn;
  /** Shape [1 + N, V]: the target's law after the text, then after each drafted token. */
  readonly target: HexTensor;
  /** Shape [N, V]: the law that each token was drawn from. */
  readonly draft: HexTensor;
  /** Numbers in [0, 1), by what they are for and by position. */
  readonly uniforms: {
    readonly accept: HexTensor;
    readonly residual: HexTensor;
    readonly target: HexTensor;
    readonly race?: HexTensor | undefined;
  };
}

/** Outputs of a case, as they are in a file. */
export interface RoundVectorOutputs {
  /** Accepted nodes, from the root down. */
  readonly accepted: readonly number[];
  /** Their tokens and the one after them. */
  readonly emitted: readonly number[];
}

/** The schema of the inputs of a case. */
export const roundInputsShape = z.strictObject({
  tokens: tokens.describe('Drafted tokens.'),
  parents: z.array(z.int().min(-1)).readonly().describe('The node that each follows; -1: the text.'),
  drawn: z
    .enum(['independent', 'without-replacement', 'top'])
    .describe('How siblings were drawn; top: they are the most likely tokens.'),
  target: hexTensorShape.describe('[1 + N, V]: the target’s law after the text, then after each drafted token.'),
  draft: hexTensorShape.describe('[N, V]: the law that each token was drawn from; one-hot if it was computed.'),
  uniforms: z
    .strictObject({
      accept: hexTensorShape.describe('[positions, coins]: the coins of each position, in the order of use.'),
      residual: hexTensorShape.describe('[positions, 1]: for the correction after a rejection at this position.'),
      target: hexTensorShape.describe('[positions, 1]: for a token that is drawn from the target’s law.'),
      race: hexTensorShape.optional().describe('[positions, V]: a clock per token, for rules that race.'),
    })
    .describe('Uniform numbers in [0, 1).'),
}) satisfies z.ZodType<RoundVectorInputs>;

/** The schema of the outputs of a case. */
export const roundOutputsShape = z.strictObject({
  accepted: tokens.describe('Accepted nodes, from the root down.'),
  emitted: tokens.describe('Their tokens and the one after them.'),
}) satisfies z.ZodType<RoundVectorOutputs>;

/** The schema of a file of rounds. */
export const roundFileShape = vectorFileShape(roundInputsShape, roundOutputsShape);

/** A case. */
export type RoundVector = VectorTest<RoundVectorInputs, RoundVectorOutputs>;

/** A round, and what the correct rule makes of it. */
export interface JudgedRound {
  readonly rule: Rule;
  readonly inputs: RoundInputs;
  readonly played: PlayedRound;
}

/** A judged round as a case of a file. */
export function roundVector(id: string, { inputs, played }: JudgedRound, faults: readonly string[]): RoundVector {
  const flags: string[] = flagsOf(inputs, played);
  const { accepted, emitted, margin } = played;
  return {
    id,
    comment: `drafted ${inputs.tokens.join(' ')}; accepted ${accepted.length} of them`,
    flags: [...flags, ...faults],
    spec: specOf(played),
    inputs: writtenInputs(inputs),
    outputs: { accepted, emitted },
    compare: 'exact',
    result: flags.includes('NearTie') ? 'acceptable' : 'valid',
    margin: Number.isFinite(margin) ? margin : null,
  };
}

function writtenInputs(inputs: RoundInputs): RoundVectorInputs {
  const { vocabulary, tokens, parents, drawn, target, draft, uniforms } = inputs;
  const { accept, residual, target: draws, race } = uniforms;
  return {
    tokens,
    parents,
    drawn,
    target: hexRows(target, vocabulary),
    draft: hexRows(draft, vocabulary),
    uniforms: {
      accept: hexRows(accept, accept[0]!.length),
      residual: hexRows(residual, 1),
      target: hexRows(draws, 1),
      ...(race && { race: hexRows(race, vocabulary) }),
    },
  };
}

function specOf({ asked }: PlayedRound): string[] {
  const asks = (purpose: string): boolean => asked.some((each) => each.purpose === purpose);
  return [
    'SPEC-TARGET-ROW',
    ...(asks('accept') ? ['SPEC-ACCEPT-BOUNDARY'] : []),
    ...(asks('residual') || asked.some(({ purpose, token }) => purpose === 'target' && token === undefined)
      ? ['SPEC-DRAW-BOUNDARY']
      : []),
    ...(asks('residual') ? ['SPEC-RESIDUAL'] : []),
  ];
}

/** The inputs of a case as numbers. */
export function readInputs(label: string, vocabulary: number, inputs: RoundVectorInputs): RoundInputs {
  const { accept, residual, target, race } = inputs.uniforms;
  return {
    vocabulary,
    tokens: inputs.tokens,
    parents: inputs.parents,
    drawn: inputs.drawn,
    target: rowsOf(`${label}: target`, inputs.target),
    draft: rowsOf(`${label}: draft`, inputs.draft),
    uniforms: {
      accept: rowsOf(`${label}: accept`, accept),
      residual: rowsOf(`${label}: residual`, residual),
      target: rowsOf(`${label}: target uniforms`, target),
      race: race && rowsOf(`${label}: race`, race),
    },
  };
}
