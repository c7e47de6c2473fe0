/**
 * `generate`: texts of one or more requests, greedy or sampled, plain or speculative.
 * @packageDocumentation
 */
import { z } from 'zod';

/** What changes the law of the next token, in this order: penalties, temperature, top-k, top-p, min-p. */
export interface AskedSampling {
  /** 0: the most likely token. */
  readonly temperature: number;
  readonly topK: number | null;
  readonly topP: number | null;
  readonly minP: number | null;
  readonly repetitionPenalty: number | null;
  readonly frequencyPenalty: number | null;
  readonly presencePenalty: number | null;
}

/** The most likely token each time, and nothing else. */
export const GREEDY: AskedSampling = {
  ...{ temperature: 0, topK: null, topP: null, minP: null },
  ...{ repetitionPenalty: null, frequencyPenalty: null, presencePenalty: null },
};

/** What drafts tokens. */
export type AskedDrafter =
  | { readonly kind: 'draft-model'; readonly model: string; readonly tokens: number }
  | { readonly kind: 'heads'; readonly folder: string; readonly tokens: number }
  | { readonly kind: 'lookup'; readonly tokens: number; readonly ngram: number };

/** A text to be continued. */
export interface AskedText {
  readonly prompt: readonly number[];
  readonly adapter: string | null;
  readonly sampling: AskedSampling;
  readonly drafter: AskedDrafter | null;
  readonly maxTokens: number;
  /** The first of these ends the text, and is part of it. */
  readonly endTokens: readonly number[];
  readonly seed: number;
}

/** Asks for texts. All requests are one batch. */
export interface GenerateQuestion {
  readonly op: 'generate';
  readonly model: string;
  readonly requests: readonly AskedText[];
  /** Independent texts of each request. */
  readonly repetitions: number;
}

/** What an engine generated. */
export interface GenerateOutputs {
  /** New tokens, by request and repetition. */
  readonly texts: readonly (readonly (readonly number[])[])[];
  /** Tokens that were drafted in all, and those that were accepted, if the engine can tell. */
  readonly drafted?: number | undefined;
  readonly accepted?: number | undefined;
}

const token = z.int().min(0);
const count = z.int().min(0);
const drafted = z.int().min(1).describe('Drafted tokens per pass of the target.');

const samplingShape = z
  .strictObject({
    temperature: z.number().min(0).describe('0: the most likely token.'),
    topK: z.int().min(1).nullable(),
    topP: z.number().nullable(),
    minP: z.number().nullable(),
    repetitionPenalty: z.number().nullable(),
    frequencyPenalty: z.number().nullable(),
    presencePenalty: z.number().nullable(),
  })
  .describe('In this order: penalties, temperature, top-k, top-p, min-p. null: off.');

const drafterShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('draft-model'), model: z.string(), tokens: drafted }),
  z
    .strictObject({ kind: z.literal('heads'), folder: z.string(), tokens: drafted })
    .describe('Turbo or Medusa heads as LoRAX reads them.'),
  z
    .strictObject({ kind: z.literal('lookup'), tokens: drafted, ngram: z.int().min(1) })
    .describe('Tokens that followed the last `ngram` tokens where the text had them before.'),
]);

/** The schema of the question. */
export const generateShape = z
  .strictObject({
    op: z.literal('generate'),
    model: z.string().describe('A Hugging Face folder.'),
    requests: z
      .array(
        z.strictObject({
          prompt: z.array(token).min(1).readonly(),
          adapter: z.string().nullable().describe('A PEFT folder.'),
          sampling: samplingShape,
          drafter: drafterShape.nullable(),
          maxTokens: z.int().min(1),
          endTokens: z.array(token).readonly().describe('The first of these ends the text, and is part of it.'),
          seed: count,
        }),
      )
      .min(1)
      .readonly()
      .describe('One batch.'),
    repetitions: z.int().min(1).describe('Independent texts of each request.'),
  })
  .describe('Continue texts.') satisfies z.ZodType<GenerateQuestion>;

/** The schema of the outputs. */
export const generateOutputsShape = z.strictObject({
  texts: z
    .array(z.array(z.array(token).readonly()).readonly())
    .readonly()
    .describe('New tokens, by request and repetition.'),
  drafted: count.optional().describe('Tokens that were drafted in all, if the engine can tell.'),
  accepted: count.optional().describe('Those of them that were accepted.'),
}) satisfies z.ZodType<GenerateOutputs>;
