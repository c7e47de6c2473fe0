import { branchTo, checkDraft, type Draft, depthOf } from '../draft/draft.ts';
import type { Drafter } from '../draft/drafter.ts';
import { ShapeError } from '../errors.ts';
import { asked, type Rows } from '../model/pass-request.ts';
import { Read, type Session } from '../model/session.ts';
import type { Shaped } from '../ops/backend.ts';
import type { Rule, Verdict } from '../verify/rule.ts';
import { checkShape } from '../verify/rules.ts';
import { answeredAtOnce, type Loop } from './pass.ts';
import { type Decoding, lawAsNumbers, type Step, type StepLaws } from './step.ts';
import type { StopCondition } from './stop.ts';

/** What speculative decoding needs beyond plain decoding. */
export interface SpeculativeDecoding<T> extends Decoding<T> {
  readonly drafter: Drafter;
  readonly rule: Rule;
}

/**
 * Speculative decoding: each round drafts a tree of tokens, passes it through the target at once, lets the rule decide
 * which branch to keep and which token follows, and rolls the target back to the kept tokens.
 *
 * After every step the cache holds what plain decoding of the same tokens would have left: all but the last token.
 * @throws {@link ShapeError} when a drafter returns no tree or a branch longer than was asked for;
 * {@link UnsupportedError} when the rule does not take the draft's shape.
 * @source Leviathan et al. 2022, arXiv 2211.17192, algorithm 1; trees: Miao et al. 2023, arXiv 2305.09781, section 4
 */
export function* speculativeLoop<T>(decoding: SpeculativeDecoding<T>, prompt: readonly number[]): Loop {
  const { target, stop, drafter, rule, chance, arithmetic, lift } = decoding;
  const text = { tokens: [...prompt], promptLength: prompt.length };
  const drawing = rule.draws === undefined ? { chance, arithmetic } : { chance, arithmetic, draws: rule.draws };
  let fed: readonly number[] = prompt;
  let hidden: Shaped | null = null;
  for (;;) {
    const maxDepth = stop.room(text.tokens.length) - 1;
    const draft: Draft<T> = yield* asked(drafter.propose({ ...text, ...drawing, hidden, maxDepth, lift }));
    checkProposal(draft, rule, maxDepth);
    const committed = target.cache.length + fed.length;
    const rows = yield readOf(target, fed, draft);
    const pass = { text, fed, draft, rows };
    const { verdict, laws } = decideRound(decoding, pass);
    const step = emit(stop, pass, verdict);
    // The last emitted token is not in the cache, as in plain decoding; an accepted token that came after a stop goes.
    const kept = verdict.accepted.slice(0, step.emitted.length - 1);
    target.cache.keep(
      committed,
      kept.map((node) => committed + node),
    );
    yield laws === null ? step : { ...step, laws };
    if (step.stop !== null) return;
    hidden = target.hiddenAt((verdict.accepted.at(-1) ?? -1) + 1);
    fed = [verdict.token];
  }
}

/** A pass through the target that verifies a draft. */
interface VerifyingPass<T> {
  readonly text: { readonly tokens: number[]; readonly promptLength: number };
  readonly fed: readonly number[];
  readonly draft: Draft<T>;
  /** Row 0 is the last fed token, row n + 1 is node n of the draft. */
  readonly rows: Rows;
}

/**
 * Speculative decoding of one text, {@link speculativeLoop} with each pass made at once.
 * @throws as {@link speculativeLoop} does.
 */
export function decodeSpeculatively<T>(
  decoding: SpeculativeDecoding<T>,
  prompt: readonly number[],
): Generator<Step, void, undefined> {
  return answeredAtOnce(speculativeLoop(decoding, prompt));
}

function checkProposal(draft: Draft<unknown>, rule: Rule, maxDepth: number): void {
  checkDraft(draft);
  checkShape(rule, draft);
  if (depthOf(draft) > Math.max(0, maxDepth)) {
    throw new ShapeError('draft', `branches of at most ${maxDepth} tokens`, `${depthOf(draft)}`);
  }
}

function readOf(target: Session, fed: readonly number[], draft: Draft<unknown>): Read {
  const parents = [...fed.map((_, i) => i - 1), ...draft.parents.map((parent) => fed.length + parent)];
  return new Read(target, [...fed, ...draft.tokens], { parents, firstRow: fed.length - 1 });
}

/**
 * The verdict on a draft and, where they are recorded, the laws of what the rule asked about and of what it accepted.
 */
function decideRound<T>(
  { sampler, rule, arithmetic, chance, lift, recordLaws }: SpeculativeDecoding<T>,
  { text: { tokens, promptLength }, draft, rows }: VerifyingPass<T>,
): { verdict: Verdict; laws: StepLaws | null } {
  const laws = new Map<number, ArrayLike<T>>();
  const target = (node: number): ArrayLike<T> => {
    let law = laws.get(node);
    if (law === undefined) {
      const branch = branchTo(draft, node).map((ancestor) => draft.tokens[ancestor]!);
      law = lift(sampler.law(rows.logits(node + 1), { tokens: [...tokens, ...branch], promptLength }));
      laws.set(node, law);
    }
    return law;
  };
  const verdict = rule.decide({ draft, target, position: tokens.length }, arithmetic, chance);
  if (!recordLaws) return { verdict, laws: null };
  for (const node of [-1, ...verdict.accepted]) target(node);
  const numbers = (law: ArrayLike<T>): number[] => lawAsNumbers(arithmetic, law);
  return {
    verdict,
    laws: {
      target: new Map([...laws].map(([node, law]) => [node, numbers(law)])),
      draft: draft.laws.map((law) => (law === 'point' ? law : numbers(law))),
    },
  };
}

/** Appends the round's tokens to the text one by one, up to the first that ends it. */
function emit<T>(
  stop: StopCondition,
  { text: { tokens }, fed, draft, rows }: VerifyingPass<T>,
  verdict: Verdict,
): Step {
  const emitted: number[] = [];
  let reason: Step['stop'] = null;
  for (const token of [...verdict.accepted.map((node) => draft.tokens[node]!), verdict.token]) {
    tokens.push(token);
    emitted.push(token);
    reason = stop.after(tokens);
    if (reason !== null) break;
  }
  const accepted = Math.min(emitted.length, verdict.accepted.length);
  // Row 0 comes before the draft, row n + 1 after node n.
  const logits = (i: number): Float64Array => rows.logits(i === 0 ? 0 : verdict.accepted[i - 1]! + 1);
  return { fed, drafted: draft.tokens, parents: draft.parents, accepted, emitted, stop: reason, logits };
}
