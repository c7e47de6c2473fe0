import type { Completion, GeneratedToken } from '../language-model/completion.ts';
import type { GenerateOptions } from '../language-model/options.ts';
import { type Request, settingsOf } from './decoding-run.ts';
import { progress } from './output.ts';

/** A completion, its tokens one by one, and how fast they came after the prompt's pass. */
export interface TimedGeneration {
  readonly completion: Completion;
  readonly tokens: readonly GeneratedToken[];
  /** Tokens of all passes but the first, which reads the prompt, per second of their time; null when there was no other. */
  readonly tokensPerSecond: number | null;
}

/** Generates, handing on tokens as they come. @throws what `generate` of a language model throws. */
export async function timedGeneration(
  { choice: { model }, prompt }: Request,
  options: GenerateOptions,
  onToken: (token: GeneratedToken) => void = () => {},
): Promise<TimedGeneration> {
  const tokens: GeneratedToken[] = [];
  let ofFirstPass: number | null = null;
  const stream = model.generate(prompt, {
    ...options,
    onStep: (step) => {
      ofFirstPass ??= step.emitted.length;
      options.onStep?.(step);
    },
  });
  for (;;) {
    const { value, done } = await stream.next();
    if (done) {
      const later = tokens.length - (ofFirstPass ?? 0);
      const tokensPerSecond = later === 0 ? null : (1000 * later) / value.decodeMilliseconds;
      return { completion: value, tokens, tokensPerSecond };
    }
    tokens.push(value);
    onToken(value);
  }
}

/** The same, with a progress bar on stderr where that is a terminal. */
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
