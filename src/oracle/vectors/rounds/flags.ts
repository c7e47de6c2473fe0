/**
 * What is special about a round, found in the round itself.
 * @packageDocumentation
 */
import { childrenOf, isChain } from '../../../draft/draft.ts';
import { draftOf, type PlayedRound, type RoundInputs } from './played-round.ts';

/** Decisions nearer to their boundary than this are near ties: float32 rounds to 6e-8, and a few roundings add up. */
export const NEAR = 1e-4;

/** What the flags of rounds mean, in the order in which they are listed. */
export const ROUND_FLAGS = {
  AllAccepted: 'All drafted tokens on the deepest branch are accepted, and one more token follows.',
  NoneAccepted: 'No drafted token is accepted.',
  Tree: 'The draft branches.',
  Twins: 'Two siblings are the same token: they are two nodes.',
  Computed: 'The drafted tokens were computed, not drawn: their laws are point masses.',
  TokenZero: 'Token id 0 is drafted or emitted.',
  ImpossibleToken: 'A drafted token has probability 0 under the target and must not be accepted, at u = 0 either.',
  UniformZero: 'A uniform that decides something is 0.',
  WideResidual: 'A correction is drawn, and two or more tokens were possible.',
  AtBoundary: 'A uniform is exactly on the boundary of its decision.',
  NearTie: 'A decision is so near to its boundary that an engine in float32 may decide otherwise.',
} as const;

/** A flag of a round. */
export type RoundFlag = keyof typeof ROUND_FLAGS;

/** The flags of a round, in listing order. */
export function flagsOf(inputs: RoundInputs, played: PlayedRound): RoundFlag[] {
  const { tokens, parents, target, drawn } = inputs;
  const { accepted, emitted, asked, margin } = played;
  const isLeaf = !parents.includes(accepted.at(-1) ?? -1);
  const has: Record<RoundFlag, boolean> = {
    AllAccepted: accepted.length > 0 && isLeaf,
    NoneAccepted: tokens.length > 0 && accepted.length === 0,
    Tree: !isChain(draftOf(inputs)),
    Twins: hasTwins(inputs),
    Computed: drawn === 'top',
    TokenZero: tokens.includes(0) || emitted.includes(0),
    ImpossibleToken: tokens.some((token, node) => target[parents[node]! + 1]![token] === 0),
    UniformZero: asked.some(({ uniform }) => uniform === 0),
    WideResidual: asked.some(({ purpose }) => purpose === 'residual') && excessTokens(inputs, played) > 1,
    AtBoundary: margin === 0,
    NearTie: margin > 0 && margin < NEAR,
  };
  return (Object.keys(has) as RoundFlag[]).filter((flag) => has[flag]);
}

function hasTwins(inputs: RoundInputs): boolean {
  const draft = draftOf(inputs);
  return [-1, ...inputs.tokens.keys()].some((node) => {
    const tokens = childrenOf(draft, node).map((child) => inputs.tokens[child]!);
    return new Set(tokens).size < tokens.length;
  });
}

/** Tokens that are likelier under the target than under the drafter, where the correction is drawn. */
function excessTokens({ target, draft, parents }: RoundInputs, { accepted }: PlayedRound): number {
  const node = accepted.at(-1) ?? -1;
  const child = parents.indexOf(node);
  if (child < 0) return 0;
  return Array.from(target[node + 1]!).filter((p, token) => p > draft[child]![token]!).length;
}
