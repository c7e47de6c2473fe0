/** Speculative rounds of the embedded model, recorded from the loop that decodes. */
import type { Drafter, LanguageModel, Rule, Step } from 'turbo-lora';
import { type RecordedDraw, recordingTape, sampled, seededTape } from 'turbo-lora/chance';
import { decodeSpeculatively, stopCondition } from 'turbo-lora/decode';
import { type Draft, headsDrafter } from 'turbo-lora/draft';
import { Session } from 'turbo-lora/model';
import { float64, type Tensor } from 'turbo-lora/numerics';
import { float64Backend } from 'turbo-lora/ops';
import { checkSettings, createSampler, type Sampler } from 'turbo-lora/sampling';
import { ruleNamed, type Verdict } from 'turbo-lora/verify';

/** What a recording is made with. */
export interface Recording {
  readonly temperature: number;
  readonly choice: 'top1' | 'sample';
  readonly rule: string;
  readonly seed: number;
}

/** Lengths of the key-value cache, in tokens. */
export interface CacheLengths {
  readonly before: number;
  readonly during: number;
  readonly after: number;
}

/** One round, with all that its verdict rests on. */
export interface RecordedRound {
  readonly recording: Recording;
  /** Prompt and emitted tokens before the round. */
  readonly tokens: readonly number[];
  readonly promptLength: number;
  /** The state that the heads read; null in the first round. @shape [1, D] */
  readonly hidden: Tensor | null;
  readonly draft: Draft<number>;
  /** The target's law after the text (row 0) and after each drafted token. */
  readonly laws: readonly ArrayLike<number>[];
  readonly verdict: Verdict;
  readonly draws: readonly RecordedDraw[];
  readonly cache: CacheLengths;
  readonly step: Step;
}

/** The sampler of a bare temperature. */
export function samplerAt(model: LanguageModel, temperature: number): Sampler {
  const { vocabularySize } = model.transformer.config;
  return createSampler(checkSettings({ temperature }, vocabularySize), vocabularySize);
}

const MOST_NEW_TOKENS = 160;

/** All rounds of one generation, in order. */
export function* recordedRounds(
  model: LanguageModel,
  prompt: readonly number[],
  recording: Recording,
): Generator<RecordedRound, void, undefined> {
  const target = new Session(float64Backend, model.transformer, model.adapter);
  const sampler = samplerAt(model, recording.temperature);
  const draws: RecordedDraw[] = [];
  // What drafter and rule see is kept as it passes by; the loop between them is the one that decodes.
  const seen = {} as { -readonly [K in keyof RecordedRound]: RecordedRound[K] };
  const heads = model.heads!;
  const decoding = {
    target,
    sampler,
    arithmetic: float64,
    chance: sampled(recordingTape(seededTape(recording.seed), draws)),
    lift: (law: Float64Array) => law,
    stop: stopCondition({
      promptLength: prompt.length,
      maxNewTokens: MOST_NEW_TOKENS,
      contextLength: model.transformer.config.contextLength,
      eosTokens: model.eosTokens,
    }),
    drafter: watchedDrafter(
      headsDrafter({ target, heads, sampler, choice: { kind: recording.choice, length: heads.length } }),
      (tokens, hidden) => Object.assign(seen, { tokens: [...tokens], hidden, before: target.cache.length }),
    ),
    rule: watchedRule(ruleNamed(recording.rule), (draft, laws, verdict) =>
      Object.assign(seen, { draft, laws, verdict, during: target.cache.length }),
    ),
  };
  for (const step of decodeSpeculatively(decoding, prompt)) {
    const { before, during } = seen as unknown as CacheLengths;
    const cache = { before, during, after: target.cache.length };
    yield { ...seen, recording, promptLength: prompt.length, draws: draws.splice(0), cache, step };
  }
}

function watchedDrafter(drafter: Drafter, see: (tokens: readonly number[], hidden: Tensor | null) => void): Drafter {
  return {
    name: drafter.name,
    propose(request) {
      see(request.tokens, request.hidden as Tensor | null); // on the CPU an activation is a tensor
      return drafter.propose(request);
    },
  };
}

type Seeing = (draft: Draft<number>, laws: ArrayLike<number>[], verdict: Verdict) => void;

function watchedRule(rule: Rule, see: Seeing): Rule {
  return {
    ...rule,
    decide(round, arithmetic, chance) {
      const laws = [-1, ...round.draft.tokens.keys()].map((node) => round.target(node));
      const verdict = rule.decide(round, arithmetic, chance);
      see(round.draft as Draft<number>, laws as ArrayLike<number>[], verdict);
      return verdict;
    },
  };
}
