import { MismatchError } from '../errors.ts';
import type { Asking } from '../model/pass-request.ts';
import { Read, type Session } from '../model/session.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { type DraftChoice, planOf } from './choice.ts';
import { type Draft, EMPTY_DRAFT, isChain } from './draft.ts';
import type { Drafter } from './drafter.ts';
import { type GrowingNode, growDraft, lawOfLogits } from './grow.ts';

/** What a draft model drafter needs. */
export interface DraftModelOptions {
  /** The draft model with its own cache, on any backend. */
  readonly session: Session;
  /** Vocabulary of the target, which must be the draft model's too. */
  readonly vocabularySize: number;
  readonly sampler: Sampler;
  readonly choice: DraftChoice;
}

/**
 * Drafts with a smaller model, which has its own cache. Before each draft, the cache is rolled back to the prefix that
 * it shares with the text, which drops rejected tokens. Then the model reads the tokens of the text that the cache
 * lacks. When all drafted tokens were accepted, the last of them is among these: it was drafted but never read.
 *
 * While the draft is a chain, the model reads on token by token. For each level after the first branching, it rolls
 * back to the text and reads the whole tree so far. When the draft is complete, it rolls back to the text.
 * @throws {@link MismatchError} when the vocabularies differ; {@link OptionError} when the choice is malformed.
 * @source Leviathan et al. 2022, arXiv 2211.17192, section 2
 */
export function draftModelDrafter({ session, vocabularySize, sampler, choice }: DraftModelOptions): Drafter {
  const { config } = session.model;
  if (config.vocabularySize !== vocabularySize) {
    throw new MismatchError('draft model', `the target's vocabulary of ${vocabularySize}`, `${config.vocabularySize}`);
  }
  const plan = planOf(choice);
  const cache = new ReadTokens(session);
  return {
    name: `draft model (${choice.kind}${choice.kind === 'full tree' ? `, ${choice.drawn}` : ''})`,
    *propose(request) {
      const { tokens } = request;
      // The draft model may have a shorter context than the target: it then drafts less, in the end nothing.
      const depth = Math.min(plan.depth, request.maxDepth, config.contextLength - tokens.length + 1);
      if (depth < 1) return EMPTY_DRAFT;
      cache.keepShared(tokens);
      const draft = yield* growDraft({
        ...{ drawing: request, plan, depth, position: tokens.length },
        *lawsAfter(level, grown) {
          const logits = yield* logitsAfter(cache, tokens, level, grown);
          return level.map((node, i) => lawOfLogits(request, sampler, node, logits[i]!));
        },
      });
      if (!isChain(draft)) cache.keep(tokens.length);
      return draft;
    },
    close: () => session.close(),
  };
}

/** What the draft model says after each node of a level. */
function* logitsAfter(
  cache: ReadTokens,
  text: readonly number[],
  level: readonly GrowingNode[],
  grown: Draft<unknown>,
): Asking<readonly Float64Array[]> {
  if (grown.tokens.length === 0) return [yield* cache.read(text.slice(cache.length))];
  if (isChain(grown)) return [yield* cache.read(grown.tokens.slice(-1))];
  cache.keep(text.length);
  const rows = yield new Read(cache.session, [...grown.tokens], { parents: [...grown.parents] });
  return level.map(({ node }) => rows.logits(node));
}

/** The cache of the draft model and which tokens are in it. */
class ReadTokens {
  readonly #tokens: number[] = [];

  constructor(readonly session: Session) {}

  get length(): number {
    return this.#tokens.length;
  }

  /** Reads on and returns the logits after the last token. */
  *read(tokens: readonly number[]): Asking<Float64Array> {
    const rows = yield new Read(this.session, tokens, { firstRow: tokens.length - 1 });
    for (const token of tokens) this.#tokens.push(token);
    return rows.logits(0);
  }

  keep(length: number): void {
    this.session.cache.keep(length);
    this.#tokens.length = length;
  }

  /**
   * Keeps the prefix shared with a text. The last token of the text is never kept, because it must be read to draft
   * from it.
   */
  keepShared(text: readonly number[]): void {
    const most = Math.min(this.#tokens.length, text.length - 1);
    let shared = 0;
    while (shared < most && this.#tokens[shared] === text[shared]) shared += 1;
    this.keep(shared);
  }
}
