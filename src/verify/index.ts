/**
 * The acceptance rules, each a short pure function of a draft, the target's laws and a source of chance.
 * @packageDocumentation
 */
export { block } from './block.ts';
export { carriedMass } from './carried-mass.ts';
export { eagle } from './eagle.ts';
export { greedy } from './greedy.ts';
export { gumbel } from './gumbel.ts';
export { kSeq, kSeqRho } from './k-seq.ts';
export { lenience, lenienceBy } from './lenience.ts';
export {
  checkTransportSize,
  type DraftedSet,
  draftedSets,
  optimalAcceptance,
  optimalTransport,
} from './optimal-transport.ts';
export { recursive } from './recursive.ts';
export { rejection } from './rejection.ts';
export { residual } from './residual.ts';
export type { Lossless, Round, Rule, RuleUse, Takes, Verdict } from './rule.ts';
export { checkShape, RULES, type RuleName, ruleNamed, takesInWords, takesSiblings } from './rules.ts';
export { sampleAndMatch } from './sample-and-match.ts';
export { specinfer } from './specinfer.ts';
export { type Flow, largestFlow } from './transport-flow.ts';
export { traversal } from './traversal.ts';
export { type TypicalSettings, typical, typicalWith } from './typical.ts';
