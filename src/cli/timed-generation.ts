import type { Completion, GeneratedToken } from '../language-model/completion.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { GenerateOptions } from '../language-model/options.ts';
import { type Request, settingsOf } from './decoding-run.ts';
import { progress } from './output.ts';

/** A completion, its tokens one by one, and how fast they were decoded after prefill. */
export interface TimedGeneration {
  readonly completion: Completion;
  readonly tokens: readonly GeneratedToken[];
  /** Tokens per second over all passes except prefill; null when there was no other pass. */
  readonly tokensPerSecond: number | null;
}

/** Generates, passing tokens on as they are decoded. @throws what `generate` of a language model throws. */
export async function timedGeneration(
  { model, prompt }: Request,
  options: GenerateOptions,
  onToken: (token: GeneratedToken) => void = () => {},
): Promise<TimedGeneration> {
  const timer = new Timer();
  const stream = model.generate(prompt, timer.listening(options));
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return timer.timed(value);
    timer.tokens.push(value);
    onToken(value);
  }
}

/** Generates the texts of all requests, `atOnce` of them in shared passes. @throws as {@link timedGeneration} does. */
export async function timedBatch(
  model: LanguageModel,
  requests: readonly Request[],
  atOnce: number,
): Promise<TimedGeneration[]> {
  const timers = requests.map(() => new Timer());
  const listening = requests.map(({ prompt, options }, i) => ({ prompt, ...timers[i]!.listening(options) }));
  const tokens = requests.reduce((sum, request) => sum + settingsOf(request).maxNewTokens, 0);
  const bar = progress(`${requests.length} prompts`, tokens);
  try {
    const stream = model.generateBatch(listening, { atOnce });
    for (;;) {
      const { value, done } = await stream.next();
      if (done) return value.completions.map((completion, i) => timers[i]!.timed(completion));
      timers[value.request]!.tokens.push(value);
      bar.advance();
    }
  } finally {
    bar.done();
  }
}

/** Collects the tokens of one text. */
class Timer {
  readonly tokens: GeneratedToken[] = [];
  #ofFirstPass: number | null = null;

  listening(options: GenerateOptions): GenerateOptions {
    return {
      ...options,
      onStep: (step) => {
        this.#ofFirstPass ??= step.emitted.length;
        options.onStep?.(step);
      },
    };
  }

  timed(completion: Completion): TimedGeneration {
    const later = this.tokens.length - (this.#ofFirstPass ?? 0);
    const tokensPerSecond = later === 0 ? null : (1000 * later) / completion.decodeMilliseconds;
    return { completion, tokens: this.tokens, tokensPerSecond };
  }
}

/** The same, with a progress bar on stderr if that is a terminal. */
export async function withProgress(
  label: string,
  request: Request,
  options: GenerateOptions,
): Promise<TimedGeneration> {
  const bar = progress(label, settingsOf(request).maxNewTokens);
  try {
    return await timedGeneration(request, options, () => bar.advance());
  } finally {
    bar.done();
  }
}
