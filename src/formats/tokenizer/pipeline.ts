/**
 * The parts of a `tokenizer.json` working together.
 * @source huggingface/tokenizers `tokenizers/src/tokenizer/mod.rs`
 * @packageDocumentation
 */
import { FormatError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { type JsonObject, kindOf } from '../json.ts';
import { AddedTokens } from './added-tokens.ts';
import { type Decoder, readDecoder } from './decoders.ts';
import { checkTextLength, textBudget } from './limits.ts';
import { type Model, readModel } from './model.ts';
import { type Normalizer, readNormalizer } from './normalizers.ts';
import type { Piece } from './pieces.ts';
import { type PostProcessor, readPostProcessor } from './post-processor.ts';
import { type PreTokenizer, readPreTokenizer } from './pre-tokenizers.ts';

type Step = (pieces: readonly Piece[], budget: Budget) => readonly Piece[];

/** A tokenizer as the Rust library would build it from the same file. */
export class Pipeline {
  readonly model: Model;
  readonly #label: string;
  readonly #normalizer: Normalizer | null;
  readonly #preTokenizer: PreTokenizer | null;
  readonly #postProcessor: PostProcessor;
  readonly #decoder: Decoder;
  readonly #added: AddedTokens;
  readonly #splitBefore: Step;
  readonly #splitAfter: Step;

  /**
   * Reads a parsed `tokenizer.json`. `truncation` and `padding` are ignored, as transformers does by default.
   * @throws {@link FormatError} for anything that the Rust library refuses; {@link UnsupportedError} naming what is not
   * implemented; {@link WorkLimitError} when the added tokens take too long to normalize.
   */
  constructor(label: string, object: JsonObject) {
    const { version = '1.0' } = object;
    if (version !== '1.0') throw new FormatError(`${label}: version`, '1.0', kindOf(version));
    this.#label = label;
    this.model = readModel(`${label}: model`, object.model);
    this.#normalizer = readNormalizer(`${label}: normalizer`, object.normalizer);
    const hasNormalizer = this.#normalizer !== null;
    this.#preTokenizer = readPreTokenizer(`${label}: pre_tokenizer`, object.pre_tokenizer, hasNormalizer);
    this.#postProcessor = readPostProcessor(`${label}: post_processor`, object.post_processor);
    this.#decoder = readDecoder(`${label}: decoder`, object.decoder);
    const { vocabulary } = this.model;
    this.#added = new AddedTokens(`${label}: added_tokens`, object.added_tokens, vocabulary, this.#normalizer);
    this.#splitBefore = this.#added.splitter(false);
    this.#splitAfter = this.#added.splitter(true);
  }

  /** Ids that have a token. */
  ids(): Set<number> {
    return new Set([...this.model.vocabulary.ids(), ...this.#added.ids()]);
  }

  /** The token of an id as the file spells it, or null. */
  tokenText(id: number): string | null {
    return this.#added.contentOf(id) ?? this.model.vocabulary.tokenOf(id) ?? null;
  }

  /**
   * Token ids of a text. Throws {@link TokenError} for a text that the vocabulary cannot spell; {@link WorkLimitError}
   * for one that is too long or on which a pattern takes too long.
   */
  encode(text: string, addSpecialTokens: boolean): number[] {
    checkTextLength(this.#label, text.length);
    const budget = textBudget(this.#label, text.length);
    // Code units that have no UTF-8 become U+FFFD, as in TextEncoder.
    const whole: Piece = { text: wellFormed(text), token: null, isFirst: true };
    const steps: Step[] = [this.#splitBefore, (pieces) => this.#normalized(pieces, budget), this.#splitAfter];
    if (this.#preTokenizer !== null) steps.push(this.#preTokenizer);
    const pieces = steps.reduce<readonly Piece[]>((cut, step) => step(cut, budget), text === '' ? [] : [whole]);
    const ids: number[] = [];
    for (const piece of pieces) {
      if (piece.token !== null) ids.push(piece.token);
      else for (const id of this.model.encode(piece.text, budget)) ids.push(id);
    }
    return this.#postProcessor(ids, addSpecialTokens);
  }

  /** Text of tokens. Throws {@link WorkLimitError} when a pattern of the decoder takes too long. */
  decode(ids: readonly number[], skipSpecialTokens: boolean): string {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.#added.spellingOf(id) ?? this.model.vocabulary.tokenOf(id);
      if (token !== undefined && !(skipSpecialTokens && this.#added.isSpecial(token))) tokens.push(token);
    }
    const length = tokens.reduce((sum, token) => sum + token.length, 0);
    return this.#decoder(tokens, textBudget(this.#label, length)).join('');
  }

  #normalized(pieces: readonly Piece[], budget: Budget): readonly Piece[] {
    const normalizer = this.#normalizer;
    if (normalizer === null) return pieces;
    let length = 0;
    const changed = pieces.map((piece): Piece => {
      if (piece.token !== null) return piece;
      const text = normalizer(piece.text, budget);
      length += text.length;
      checkTextLength(this.#label, length);
      return { ...piece, text };
    });
    return changed.filter(({ text, token }) => token !== null || text !== '');
  }
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
