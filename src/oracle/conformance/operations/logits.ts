/**
 * `logits`: what a model gives after each token of a text.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type AnsweredTensor, answeredTensorShape } from './answered-tensor.ts';

/** Asks for logits. */
export interface LogitsQuestion {
  readonly op: 'logits';
  /** A Hugging Face folder. */
  readonly model: string;
  /** A PEFT folder. */
  readonly adapter: string | null;
  readonly tokens: readonly number[];
}

/** The schema of the question. */
export const logitsShape = z
  .strictObject({
    op: z.literal('logits'),
    model: z.string().describe('A Hugging Face folder.'),
    adapter: z.string().nullable().describe('A PEFT folder.'),
    tokens: z.array(z.int().min(0)).min(1).readonly(),
  })
  .describe('What does the model give after each token?') satisfies z.ZodType<LogitsQuestion>;

/** What a model gives. @shape [tokens, V] */
export type LogitsOutputs =
  | { readonly logits: AnsweredTensor }
  /** For engines that tell no more: logits minus the logarithm of the sum of their exponentials. */
  | { readonly logProbabilities: AnsweredTensor };

/** The schema of the outputs. */
export const logitsOutputsShape = z.union([
  z.strictObject({ logits: answeredTensorShape.describe('[tokens, V]: the row after each token.') }),
  z.strictObject({ logProbabilities: answeredTensorShape.describe('[tokens, V]: their log-softmax.') }),
]) satisfies z.ZodType<LogitsOutputs>;
