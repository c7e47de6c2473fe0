/**
 * Judges whether an engine is lossless from whole texts: all that an engine which can only generate has to show.
 *
 * The engine completes one prompt again and again, with other random numbers each time. Its texts are a sample of one
 * law: after each prefix the next token has the target's law, until an end token or the greatest length. How the engine
 * drafts, accepts and groups tokens into rounds must not show (SPEC-AUDIT-TEXTS). So a {@link SequentialTest} bets,
 * after every prefix of the texts, against the law there; its false alarm rate holds at any stopping time. Faults that
 * sit between rounds show here and in no single round: seeds used again, caches, penalties, the end of a text.
 *
 * - A token that the law excludes is an alarm at once. So is a text that goes on after an end token or past the
 *   greatest length, or that stops before both.
 * - Where the law is not known, a text is judged as far as it is.
 *
 * Temperature, filters and penalties change nothing here: what they make of the logits after a prefix is the law.
 * @packageDocumentation
 */
import { LawError, OptionError, TokenError, WorkLimitError } from '../../errors.ts';
import { oncePerPrefix } from '../prefix.ts';
import { findingOf, type PrefixFinding, prefixFindings, worstRecord } from './findings.ts';
import { checkTimes, Looks } from './looks.ts';
import type { SequenceLaw } from './sequence-law.ts';
import { type PrefixRecord, SequentialTest } from './sequential-test.ts';
import { textsNeeded } from './text-power.ts';

/** What stands for a text that stopped where it must not; no token has this id. */
export const STOPPED = -1;

/** A sum of probabilities may be off by this: a float32 softmax. */
const ROUNDING = 1e-5;
/** Probabilities that are kept, of all prefixes together: some 400 MB. */
const MOST_NUMBERS = 5e7;

/** The law of the completions of one prompt; what a `TextAudit` judges texts by. */
export interface CompletionLaw {
  /**
   * The law of the next token after each prefix of a completion, after temperature, filters, penalties and bans; null
   * where the prefix has a token outside the vocabulary. A backend that has to be awaited is refused.
   */
  readonly law: SequenceLaw;
  /** The greatest length of a completion, in tokens. */
  readonly maxTokens: number;
  /** Tokens that end a completion. */
  readonly endTokens: readonly number[];
}

/** What texts are judged by. */
export interface TextAuditInput {
  /** The law of the next token after each prefix of a completion (without the prompt); null where it is not known. */
  readonly law: SequenceLaw;
  /** The length at which a text ends if no end token came. */
  readonly maxTokens: number;
  /** Tokens that end a text. They are part of it. By default none. */
  readonly endTokens?: readonly number[];
  /** Probability that a correct engine ever raises an alarm; default 1e-6. */
  readonly falseAlarm?: number;
}

/** How often a token followed a prefix. */
export interface TokenFrequency {
  /** The token; {@link STOPPED} for the end of a text that must go on. */
  readonly token: number;
  /** Its probability. */
  readonly expected: number;
  /** Its frequency among the visits of the prefix. */
  readonly observed: number;
}

/** What was observed after one prefix, token by token, the largest difference first. */
export interface TextFinding extends PrefixFinding {
  readonly tokens: readonly TokenFrequency[];
}

/**
 * An audit of texts in progress.
 * @example
 * import assert from 'node:assert/strict';
 * import { TextAudit } from 'turbo-lora/law';
 * // Token 2 ends a text; the first token is 0 or 1, each half of the time.
 * const after = (prefix: readonly number[]) => (prefix.length === 0 ? [0.5, 0.5, 0] : [0.25, 0.25, 0.5]);
 * const audit = new TextAudit({ law: { after }, maxTokens: 4, endTokens: [2] });
 * assert.equal(audit.textsNeeded(0.05), 4002); // before the run: what it takes to see this at the first token
 * for (let i = 0; i < 200 && !audit.hasAlarm; i++) audit.observe([i % 2, 2]); // ends after one token, always
 * assert.equal(audit.hasAlarm, true);
 * assert.equal(audit.worst().prefix.length, 1);
 * assert.deepEqual(audit.worst().tokens[0], { token: 2, expected: 0.5, observed: 1 });
 */
export class TextAudit {
  /** Probability that a correct engine ever raises an alarm. */
  readonly falseAlarm: number;
  readonly #law: SequenceLaw;
  readonly #test: SequentialTest;
  readonly #looks = new Looks();
  #unjudged = 0;

  /**
   * @throws {@link OptionError} when the false alarm rate is not between 0 and 1, or the length not an integer of at
   * least 1; {@link TokenError} when an end token is not a token id;
   * {@link LawError} when the law of the first token is not one.
   */
  constructor(input: TextAuditInput) {
    const { maxTokens, falseAlarm = 1e-6 } = input;
    if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
      throw new OptionError('max tokens', 'an integer of at least 1', `${maxTokens}`);
    }
    checkText('end tokens', input.endTokens ?? []);
    this.#law = endingLaw(input);
    this.#test = new SequentialTest(this.#law, [], falseAlarm);
    this.falseAlarm = falseAlarm;
  }

  /** Number of texts so far. */
  get texts(): number {
    return this.#test.rounds;
  }

  /** Number of different prefixes of the texts that were judged, the empty one included. */
  get prefixes(): number {
    return this.#test.prefixes;
  }

  /** Number of texts of which only a part was judged, because the law after it is not known. */
  get unjudged(): number {
    return this.#unjudged;
  }

  /** Whether texts are counted. An alarm then belongs to all of them together. */
  get isCounted(): boolean {
    return this.#looks.isCounted;
  }

  /** Whether the alarm was raised. Counts are judged by {@link look} only. */
  get hasAlarm(): boolean {
    return this.#test.firstAlarm !== null;
  }

  /** The first text, counted from 1, at which the alarm was raised; null if it never was. */
  get firstAlarm(): number | null {
    return this.#test.firstAlarm;
  }

  /** ln of the evidence that the texts do not have the law; infinite after a token that the law excludes. */
  get logEValue(): number {
    return this.#test.logEValue;
  }

  /**
   * Adds one text, and checks whether it raises the alarm.
   * @param text the tokens of the completion, its end token included if one ended it.
   * @throws {@link TokenError} for what is not a token id; {@link LawError} when a next-token law is not one;
   * {@link WorkLimitError} when the laws after all prefixes of the texts take too much memory; {@link ConflictError}
   * when texts before it were counted.
   */
  observe(text: readonly number[], label = `text ${this.texts + 1}`): void {
    checkText(label, text);
    this.#looks.beforeRound(label);
    this.#take(text, 1);
    this.#test.look();
  }

  /**
   * Adds this many equal texts without testing for an alarm, in any order (SPEC-AUDIT-COUNTS). When all are counted,
   * call {@link look}; after that no more may be added.
   * @throws as {@link observe} does; {@link OptionError} when `times` is not an integer of at least 1;
   * {@link ConflictError} when earlier texts were added one by one, or the counts were already judged.
   */
  count(text: readonly number[], times: number, label = `text ${this.texts + 1}`): void {
    checkTimes(label, times);
    checkText(label, text);
    this.#looks.beforeCount(label);
    this.#take(text, times);
  }

  /** Judges counts, once, when they are complete. Texts added one by one have already been judged. */
  look(): void {
    this.#looks.judge();
    this.#test.look();
  }

  /**
   * What was observed after each prefix that texts went on after, the most visited first, with the smallest total
   * variation that must have raised the alarm by now.
   */
  findings(): PrefixFinding[] {
    return prefixFindings(this.#test).filter(({ visits }) => visits > 0);
  }

  /** The prefix with the strongest evidence, token by token; of equal ones the most visited. */
  worst(): TextFinding {
    const record = worstRecord(this.#test);
    const finding = findingOf(record, this.#test.logThreshold);
    return { ...finding, tokens: frequenciesOf(record, finding.visits) };
  }

  /**
   * How many texts it takes, on average, until a total variation of `distance` from the law after a prefix must have
   * raised the alarm; known before the first one. Infinite for a prefix that is impossible or has no known law.
   * @throws {@link OptionError} when the distance is not above 0 and at most 1.
   */
  textsNeeded(distance: number, prefix: readonly number[] = []): number {
    return textsNeeded(this.#law, prefix, distance, this.#test.logThreshold);
  }

  #take(text: readonly number[], times: number): void {
    const { letters, isKnown } = this.#read(text);
    if (!isKnown) this.#unjudged += times;
    this.#test.count(letters, times);
  }

  /** What is judged of a text: up to a token that the law excludes, or before one whose law is not known. */
  #read(text: readonly number[]): { readonly letters: readonly number[]; readonly isKnown: boolean } {
    for (const [n, token] of text.entries()) {
      const law = this.#law.after(text.slice(0, n));
      if (law === null) return { letters: text.slice(0, n), isKnown: false };
      if (!(law[token]! > 0)) return { letters: text.slice(0, n + 1), isKnown: true };
    }
    const ended = this.#law.after(text)?.length === 0;
    return { letters: ended ? text : [...text, STOPPED], isKnown: true };
  }
}

/** A law with nothing after an end token and at the greatest length, checked, and asked once for each prefix. */
function endingLaw({ law, maxTokens, endTokens = [] }: TextAuditInput): SequenceLaw {
  const ends = new Set(endTokens);
  let numbers = 0;
  const once = oncePerPrefix((prefix) => {
    if (prefix.length >= maxTokens || ends.has(prefix.at(-1) ?? STOPPED)) return { next: [] };
    const next = law.after(prefix);
    if (next === null) return { next };
    numbers += next.length;
    if (numbers > MOST_NUMBERS) {
      throw new WorkLimitError('laws of the texts', `at most ${MOST_NUMBERS} probabilities`, `${numbers}`);
    }
    checkLaw(prefix, next);
    return { next };
  });
  return { after: (prefix) => once(prefix).next };
}

function checkLaw(prefix: readonly number[], law: ArrayLike<number>): void {
  const label = `law after [${prefix.join(', ')}]`;
  const probabilities = Array.from(law);
  const wrong = probabilities.findIndex((p) => !(p >= 0));
  if (wrong >= 0)
    throw new LawError(label, 'probabilities of at least 0', `${probabilities[wrong]} for token ${wrong}`);
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  if (!(Math.abs(total - 1) <= ROUNDING)) throw new LawError(label, 'probabilities that sum to 1', `${total}`);
}

function checkText(label: string, text: readonly number[]): void {
  const wrong = text.findIndex((token) => !Number.isSafeInteger(token) || token < 0);
  if (wrong >= 0) throw new TokenError(`${label}, token ${wrong}`, 'a token id', `${text[wrong]}`);
}

function frequenciesOf({ law, seen, excluded }: PrefixRecord, visits: number): TokenFrequency[] {
  const possible = Array.from(law, (expected, token) => ({ token, expected, observed: seen.count(token) / visits }));
  const others = [...excluded].map(([token, times]) => ({ token, expected: 0, observed: times / visits }));
  const difference = ({ expected, observed }: TokenFrequency): number => Math.abs(observed - expected);
  return [...possible.filter(({ expected }) => expected > 0), ...others].sort((a, b) => difference(b) - difference(a));
}
