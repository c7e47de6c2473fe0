/** An engine that only generates, over laws from tables: whole texts by speculative decoding, with pieces to break. */
import type { Chance } from '../../src/chance/chance.ts';
import { indexAt } from '../../src/chance/inverse-cdf.ts';
import { sampled } from '../../src/chance/sampled.ts';
import type { Tape } from '../../src/chance/tape.ts';
import { oncePerPrefix } from '../../src/law/prefix.ts';
import { float64 } from '../../src/numerics/arithmetic.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { freshTape } from './sampled-rounds.ts';

type Laws = (prefix: readonly number[]) => readonly number[];

/** A law after every prefix, drawn when it is first asked for; a token in `never` of them is impossible. */
export function randomLaws(seed: number, vocabulary: number, never = 0): Laws {
  const tape = freshTape(seed);
  const uniform = (): number => tape.uniform({ purpose: 'draft', position: 0 });
  return oncePerPrefix(() => {
    const weights = Array.from({ length: vocabulary }, (_, token) =>
      token > 0 && uniform() < never ? 0 : 0.05 + uniform(),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
}

export interface TableEngine {
  readonly target: Laws;
  readonly draft: Laws;
  readonly rule: Rule;
  readonly draftTokens: number;
  readonly maxTokens: number;
  readonly endToken: number | null;
  /** The chance of a round that begins after this text; by default the engine's own, which goes on. */
  readonly chanceOf?: (prefix: readonly number[], chance: Chance<number>) => Chance<number>;
  /** What a round takes for the text before it. */
  readonly seen?: (prefix: readonly number[]) => readonly number[];
  /** Whether tokens of a round after the end token are left out. */
  readonly stopsInside?: boolean;
}

/** Texts without end. */
export function* textsOf(engine: TableEngine, seed: number): Generator<number[]> {
  const tape: Tape = freshTape(seed);
  for (;;) yield oneText(engine, sampled(tape));
}

function oneText(engine: TableEngine, chance: Chance<number>): number[] {
  const { maxTokens, endToken, chanceOf, stopsInside = true } = engine;
  const text: number[] = [];
  while (text.length < maxTokens) {
    const emitted = oneRound(engine, text, chanceOf?.(text, chance) ?? chance);
    const end = endToken === null ? -1 : emitted.indexOf(endToken);
    text.push(...(end >= 0 && stopsInside ? emitted.slice(0, end + 1) : emitted));
    if (end >= 0) break;
  }
  return text.slice(0, maxTokens);
}

function oneRound(engine: TableEngine, text: readonly number[], chance: Chance<number>): number[] {
  const { target, draft: q, rule, draftTokens, seen = (prefix) => prefix } = engine;
  const before = seen(text);
  const tokens: number[] = [];
  const laws: (readonly number[])[] = [];
  for (let i = 0; i < draftTokens; i++) {
    const law = q([...before, ...tokens]);
    laws.push(law);
    tokens.push(chance.draw({ purpose: 'draft', position: text.length + i }, law));
  }
  const draft = { tokens, parents: tokens.map((_, i) => i - 1), laws };
  const rows = (node: number): readonly number[] => target([...before, ...tokens.slice(0, node + 1)]);
  const { accepted, token } = rule.decide({ draft, target: rows, position: text.length }, float64, chance);
  return [...accepted.map((node) => tokens[node]!), token];
}

/** One text by drawing each token from its law. */
export function plainText(laws: Laws, maxTokens: number, endToken: number | null, uniform: () => number): number[] {
  const text: number[] = [];
  while (text.length < maxTokens && (text.length === 0 || text.at(-1) !== endToken)) {
    text.push(indexAt(uniform(), laws(text)));
  }
  return text;
}
