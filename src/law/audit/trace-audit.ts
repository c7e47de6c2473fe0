/**
 * Judges whether an engine is lossless from rounds that bring their own laws.
 *
 * A trace of ordinary texts has a different target law at every token. What stays the same is the null hypothesis of
 * losslessness (SPEC-AUDIT-TOKENS): given the tokens before it, and that the round goes on, an emitted token has the
 * target's law there. {@link TiltTest} bets on sets whose mass that law gives in advance:
 *
 * - `likely`: the most likely tokens, up to a mass of one half; `unlikely`: those after a mass of nine tenths;
 * - `favoured`: those that the draft law makes more likely than the target, q > p; for a computed draft the drafted
 *   tokens. A wrong acceptance or correction shows here: after a rejection they must not be emitted too often.
 *
 * Each set is bet on at any position, at the first token of a round, at later ones, and at the bonus token of a chain.
 * A bet may use a drafted token only if it was not drawn: a drawn token is not known before the emitted one, and the
 * two are dependent. Its law may be used, at the start of a round and along chains, where it is a function of the
 * tokens before.
 *
 * A second test judges the drafts: the first child of a node has the law that it was verified with.
 *
 * A round cut short by the end of its text counts for the tokens that it emitted: whether there is a next one depends
 * only on those before it. The rule's acceptance decisions are not judged, nor whether the laws themselves are correct.
 * @packageDocumentation
 */
import { mostLikely } from '../../chance/distribution.ts';
import { childrenOf, isChain } from '../../draft/draft.ts';
import { float64 } from '../../numerics/arithmetic.ts';
import type { Rule } from '../../verify/rule.ts';
import type { SparseLaw, TracedRound } from '../trace-line.ts';
import { TiltTest } from './tilt-test.ts';

const TOKEN_SETS = ['likely', 'unlikely', 'favoured'] as const;
const DRAFT_SETS = ['likely', 'unlikely'] as const;
const PLACES = ['anywhere', 'first', 'later', 'bonus'] as const;
type Place = (typeof PLACES)[number];

/** The least mass of the likely set, and of everything except the unlikely set. */
const [LIKELY, ALL_BUT_UNLIKELY] = [0.5, 0.9];

const named = (sets: readonly string[], places: readonly string[]): string[] =>
  sets.flatMap((set) => places.map((place) => `${set}, ${place}`));

/**
 * An audit of rounds with their own laws.
 * @example
 * import assert from 'node:assert/strict';
 * import { TraceAudit } from 'turbo-lora/law';
 * import { rejection } from 'turbo-lora/verify';
 * const audit = new TraceAudit(rejection);
 * const law = { tokens: [0, 1], probabilities: [0.5, 0.5] };
 * const round = { drafted: [0], parents: [-1], emitted: [0], targetLaws: [law], draftLaws: ['point' as const] };
 * for (let i = 0; i < 100; i++) audit.observe(round); // always the drafted token instead of half the time
 * assert.ok(audit.tokens.firstAlarm! < 50);
 */
export class TraceAudit {
  /** Emitted tokens against the target's laws. */
  readonly tokens: TiltTest;
  /** Drafted tokens against the laws that they were verified with. */
  readonly drafts: TiltTest;
  #judged = 0;

  /**
   * @param rule for a rule of greedy decoding, the target's law is replaced by the point mass on its most likely token.
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1.
   */
  constructor(
    readonly rule: Rule,
    readonly falseAlarm = 1e-6,
  ) {
    this.tokens = new TiltTest(named(TOKEN_SETS, PLACES), falseAlarm);
    this.drafts = new TiltTest(named(DRAFT_SETS, ['anywhere']), falseAlarm);
  }

  /** Number of emitted tokens that were judged. */
  get judgedTokens(): number {
    return this.#judged;
  }

  /** Whether any of the tests raised an alarm. */
  get hasAlarm(): boolean {
    return this.tokens.firstAlarm !== null || this.drafts.firstAlarm !== null;
  }

  /** Adds one round, and checks whether it raises an alarm. */
  observe(round: TracedRound): void {
    for (const [n, token] of round.emitted.entries()) {
      const law = round.targetLaws[n]!;
      this.#judged += 1;
      this.#token(round, n, token, this.rule.lossless === 'text' ? greedyLaw(law) : law);
    }
    this.#drafted(round);
    this.tokens.endRound();
    this.drafts.endRound();
  }

  #token(round: TracedRound, n: number, token: number, law: SparseLaw): void {
    if (!(probabilityOf(law, token) > 0)) {
      this.tokens.sawImpossible();
      return;
    }
    const favoured = favouredTokens(round, n, law);
    const sets = [...rankedSets(law), ...(favoured === null ? [] : [['favoured', favoured] as const])];
    for (const [name, set] of sets) {
      const mass = massOf(law, set);
      for (const place of placesOf(round, n)) this.tokens.bet(`${name}, ${place}`, mass, set.has(token));
    }
  }

  #drafted({ drafted, parents, draftLaws }: TracedRound): void {
    for (const [node, token] of drafted.entries()) {
      const law = draftLaws?.[node];
      if (law === undefined || law === 'point' || parents.indexOf(parents[node]!) !== node) continue;
      if (!(probabilityOf(law, token) > 0)) this.drafts.sawImpossible();
      else {
        for (const [name, set] of rankedSets(law)) {
          this.drafts.bet(`${name}, anywhere`, massOf(law, set), set.has(token));
        }
      }
    }
  }
}

function probabilityOf({ tokens, probabilities }: SparseLaw, token: number): number {
  return probabilities[tokens.indexOf(token)] ?? 0;
}

function massOf({ tokens, probabilities }: SparseLaw, set: ReadonlySet<number>): number {
  return probabilities.reduce((mass, p, i) => (set.has(tokens[i]!) ? mass + p : mass), 0);
}

/** The point mass on the most likely token, the lowest on ties. */
function greedyLaw({ tokens, probabilities }: SparseLaw): SparseLaw {
  return { tokens: [tokens[mostLikely(float64, probabilities)]!], probabilities: [1] };
}

function rankedSets({ tokens, probabilities }: SparseLaw): (readonly [string, ReadonlySet<number>])[] {
  const order = tokens.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const [likely, unlikely] = [new Set<number>(), new Set<number>()];
  let before = 0;
  for (const i of order) {
    if (before < LIKELY) likely.add(tokens[i]!);
    if (before >= ALL_BUT_UNLIKELY) unlikely.add(tokens[i]!);
    before += probabilities[i]!;
  }
  return [
    ['likely', likely],
    ['unlikely', unlikely],
  ];
}

/** What the draft makes more likely than the target before emitted token n; null where that is not known in advance. */
function favouredTokens({ drafted, parents, draftLaws }: TracedRound, n: number, law: SparseLaw): Set<number> | null {
  const draft = { tokens: drafted, parents, laws: [] };
  const siblings = isChain(draft) ? (n < drafted.length ? [n] : []) : n === 0 ? childrenOf(draft, -1) : [];
  const [first] = siblings;
  const own = first === undefined ? undefined : draftLaws?.[first];
  if (own === undefined) return null;
  if (own === 'point') return new Set(siblings.map((node) => drafted[node]!));
  const target = new Map(law.tokens.map((token, i) => [token, law.probabilities[i]!]));
  return new Set(own.tokens.filter((token, i) => own.probabilities[i]! > (target.get(token) ?? 0)));
}

function placesOf({ drafted, parents }: TracedRound, n: number): Place[] {
  const isBonus = n > 0 && n === drafted.length && isChain({ tokens: drafted, parents, laws: [] });
  return ['anywhere', n === 0 ? 'first' : 'later', ...(isBonus ? (['bonus'] as const) : [])];
}
