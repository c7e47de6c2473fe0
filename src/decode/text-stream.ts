/**
 * From tokens to text, token by token: what may leave a stream, and where a stop string ends it.
 * @packageDocumentation
 */
import { OptionError } from '../errors.ts';

/** What a text stream asks of a tokenizer. */
export interface TokenSpelling {
  /** Text of tokens, or with `after` what they add to the text of the tokens before them. */
  decode(
    tokens: readonly number[],
    options?: { readonly skipSpecialTokens?: boolean; readonly after?: readonly number[] },
  ): string;
  /** The token as the vocabulary spells it, or null when the id has none. */
  tokenText(id: number): string | null;
}

/** One piece that a stop string is matched against: a character of the text, or a special token between two of them. */
interface Unit {
  readonly spelled: string;
  /** Its position in the text. */
  readonly at: number;
  readonly special: boolean;
}

const BYTE_TOKEN = /^<0x[0-9A-Fa-f]{2}>$/;
const INCOMPLETE = /\uFFFD+$/;

/**
 * Tokens from the end of the prompt that are decoded before the generated ones. More are taken when these have no text.
 */
const CONTEXT_TOKENS = 8;

/**
 * The text of generated tokens as it grows. It is decoded in the context of the prompt, without special tokens, and
 * ends before the first stop string in it. A special token (`</s>`) can be a stop string, or part of one, although the
 * text leaves it out.
 *
 * Text leaves in pieces, one per token, as soon as no later token can take it back. It holds back incomplete characters
 * (a text that ends in U+FFFD), byte tokens such as `<0xC3>` until their run ends (one wrong byte turns the whole run
 * into U+FFFD), and what may be the beginning of a stop string. {@link TextStream.end} releases the rest.
 *
 * Each token is decoded after the last few tokens before it, not the whole text again.
 * @throws {@link OptionError} for an empty stop string.
 * @example
 * import assert from 'node:assert/strict';
 * import { TextStream } from 'turbo-lora/decode';
 * import { loadTokenizer } from 'turbo-lora/formats/node';
 * const tokenizer = loadTokenizer('fixtures/embedded/base')!;
 * const stream = new TextStream(tokenizer, [], [' END']);
 * for (const token of tokenizer.encode('one ENERGY END two')) stream.push(token);
 * assert.equal(stream.stopped, true);
 * assert.equal(stream.pieces.join(''), 'one ENERGY');
 */
export class TextStream {
  /** Text that left with each token. */
  readonly pieces: string[] = [];
  /** Whether the text has come to a stop string. Tokens that come later are not read. */
  stopped = false;
  readonly #spelling: TokenSpelling;
  readonly #stopStrings: readonly string[];
  readonly #specialTexts = new Map<number, string | null>();
  /** Tokens just before the unsettled ones, enough to decode those as the whole text would. */
  #context: readonly number[];
  #unsettledTokens: number[] = [];
  /** Text that later tokens do not change. */
  #settled = '';
  /** Text of the unsettled tokens. */
  #unsettled = '';
  #released = 0;
  #specials: Unit[] = [];

  constructor(spelling: TokenSpelling, prompt: readonly number[], stopStrings: readonly string[] = []) {
    if (stopStrings.some((stop) => stop === '')) throw new OptionError('stop string', 'a non-empty string', '""');
    this.#spelling = spelling;
    this.#stopStrings = [...stopStrings];
    this.#context = contextOf(spelling, prompt);
  }

  /** Adds a token and returns the text that leaves with it. */
  push(token: number): string {
    if (!this.stopped) this.#read(token);
    const piece = this.stopped ? '' : this.#release();
    this.pieces.push(piece);
    return piece;
  }

  /** Ends the text: what was held back leaves with the last token, and is returned. */
  end(): string {
    if (this.stopped) return '';
    const rest = (this.#settled + this.#unsettled).slice(this.#released);
    this.#released += rest.length;
    const last = this.pieces.pop();
    if (last !== undefined) this.pieces.push(last + rest);
    return rest;
  }

  #read(token: number): void {
    const special = this.#specialText(token);
    if (special !== null) {
      const at = this.#settled.length + this.#unsettled.length;
      this.#specials.push({ spelled: special, at, special: true });
      return;
    }
    this.#unsettledTokens.push(token);
    const options = { skipSpecialTokens: true, after: this.#context };
    this.#unsettled = this.#spelling.decode(this.#unsettledTokens, options);
    if (BYTE_TOKEN.test(this.#spelling.tokenText(token) ?? '') || INCOMPLETE.test(this.#unsettled)) return;
    // The space of a text's first word may be dropped: blank tokens alone give no context.
    const blank = this.#unsettled.trim() === '';
    this.#context = blank ? [...this.#context, ...this.#unsettledTokens] : this.#unsettledTokens;
    this.#settled += this.#unsettled;
    this.#unsettled = '';
    this.#unsettledTokens = [];
  }

  /** What a special token spells; null for all other tokens. */
  #specialText(token: number): string | null {
    let text = this.#specialTexts.get(token);
    if (text === undefined) {
      const spelled = this.#spelling.decode([token]);
      const hidden = spelled !== '' && this.#spelling.decode([token], { skipSpecialTokens: true }) === '';
      text = hidden ? spelled : null;
      this.#specialTexts.set(token, text);
    }
    return text;
  }

  #release(): string {
    const certain = this.#settled.length;
    const text = this.#settled + this.#unsettled;
    const { whole, begun } = this.#stops(text);
    if (whole !== null) this.stopped = true;
    const until = whole ?? Math.min(certain, begun ?? certain);
    const piece = text.slice(this.#released, until);
    this.#released += piece.length;
    this.#specials = this.#specials.filter(({ at }) => at >= this.#released);
    return piece;
  }

  /**
   * Where the first complete stop string begins in the text, and where the first one begins that the end of the text
   * cuts off.
   */
  #stops(text: string): { whole: number | null; begun: number | null } {
    const found = { whole: null as number | null, begun: null as number | null };
    if (this.#stopStrings.length === 0) return found;
    const units = this.#units(text);
    for (const view of [units, units.filter(({ special }) => !special)]) {
      for (const [i, { at }] of view.entries()) {
        for (const stop of this.#stopStrings) {
          const match = matchAt(view, i, stop);
          if (match !== null && (found[match] === null || at < found[match])) found[match] = at;
        }
      }
    }
    return found;
  }

  /** Everything not yet released: characters, and special tokens in their places. */
  #units(text: string): Unit[] {
    const units: Unit[] = [];
    const specials = [...this.#specials];
    for (let at = this.#released; at <= text.length; at++) {
      // A character may have become shorter since: fewer U+FFFD.
      while (specials.length > 0 && (specials[0]!.at <= at || at === text.length)) units.push(specials.shift()!);
      if (at < text.length) units.push({ spelled: text[at]!, at, special: false });
    }
    return units;
  }
}

/** Whether a stop string begins at a unit, and if so whether it is complete or cut off by the end of the text. */
function matchAt(units: readonly Unit[], from: number, stop: string): 'whole' | 'begun' | null {
  let rest = stop;
  for (let i = from; i < units.length; i++) {
    const { spelled } = units[i]!;
    if (!rest.startsWith(spelled)) return null;
    rest = rest.slice(spelled.length);
    if (rest === '') return 'whole';
  }
  return 'begun';
}

/** The end of a prompt: enough to have text, and not beginning inside a run of byte tokens. */
function contextOf(spelling: TokenSpelling, prompt: readonly number[]): readonly number[] {
  const isByte = (token: number): boolean => BYTE_TOKEN.test(spelling.tokenText(token) ?? '');
  for (let length = CONTEXT_TOKENS; length < prompt.length; length *= 2) {
    let start = prompt.length - length;
    while (start > 0 && isByte(prompt[start]!)) start -= 1;
    const context = prompt.slice(start);
    if (spelling.decode(context, { skipSpecialTokens: true }).trim() !== '') return context;
  }
  return [...prompt];
}
