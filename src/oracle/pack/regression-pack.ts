/**
 * A regression pack: what a model folder gives for chosen prompts, to be compared with what it gives later, or with
 * what another engine gives.
 * @packageDocumentation
 */
import { z } from 'zod';
import { FormatError } from '../../errors.ts';
import { type HexTensor, hexTensorShape } from '../vectors/hex-tensor.ts';

/** Changes when readers have to change. */
export const PACK_FORMAT = 1;

/** A folder that a pack was made from, with its files. */
export interface PackedFolder {
  /** As it was given. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

/** How texts of a pack are made. */
export interface PackSettings {
  /** Most tokens of a text. */
  readonly max_new_tokens: number;
  /** Of sampled texts. */
  readonly temperature: number;
  readonly top_k: number;
  readonly top_p: number;
  /** One sampled text for each. */
  readonly seeds: readonly number[];
  /** Positions of each greedy text whose logits are kept. */
  readonly rows: number;
}

/** A text of a pack. */
export interface PackedText {
  readonly tokens: readonly number[];
  /** Null if the model has no tokenizer. */
  readonly text: string | null;
  readonly finish: 'eos' | 'length';
}

/** A case of a pack: one prompt under one adapter. */
export interface PackedCase {
  readonly id: string;
  readonly adapter: string | null;
  readonly prompt: readonly number[];
  readonly greedy: PackedText & {
    /** Smallest distance of the chosen logit to the next one: a close one may flip in lower precision. */
    readonly margin: number;
  };
  readonly sampled: readonly (PackedText & {
    readonly seed: number;
    /** Shape [1, N]: the uniform that drew each token by inverse CDF. */
    readonly uniforms: HexTensor;
  })[];
  /** Tokens of prompt and greedy text; the logits after each are a row of the tensor `id` in logits.safetensors. */
  readonly positions: readonly number[];
}

/** A regression pack. Its logits are in a file beside it. */
export interface RegressionPack {
  readonly formatVersion: typeof PACK_FORMAT;
  /** What made it. */
  readonly version: string;
  readonly model: PackedFolder;
  readonly adapters: Readonly<Record<string, PackedFolder>>;
  readonly settings: PackSettings;
  readonly tests: readonly PackedCase[];
}

const count = z.int().min(0);
const tokens = z.array(count).readonly();

const folderShape = z.strictObject({
  folder: z.string().describe('As it was given.'),
  files: z
    .array(z.strictObject({ path: z.string(), bytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .readonly(),
}) satisfies z.ZodType<PackedFolder>;

const text = {
  tokens: tokens.describe('Generated tokens; an end-of-text token is the last of them.'),
  text: z.string().nullable().describe('Without special tokens; null if the model has no tokenizer.'),
  finish: z.enum(['eos', 'length']),
};

/** The schema of a pack. */
export const packShape = z.strictObject({
  formatVersion: z.literal(PACK_FORMAT),
  version: z.string().describe('Version of turbo-lora that made it.'),
  model: folderShape,
  adapters: z.record(z.string(), folderShape),
  settings: z.strictObject({
    max_new_tokens: z.int().min(1),
    temperature: z.number().describe('Of sampled texts.'),
    top_k: count.describe('0: off.'),
    top_p: z.number().describe('1: off.'),
    seeds: z.array(count).readonly().describe('One sampled text for each.'),
    rows: z.int().min(1).describe('Positions of each greedy text whose logits are kept, at most.'),
  }),
  tests: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        adapter: z.string().nullable(),
        prompt: tokens,
        greedy: z.strictObject({
          ...text,
          margin: z.number().describe('Smallest distance of the chosen logit to the next one.'),
        }),
        sampled: z
          .array(
            z.strictObject({
              ...text,
              seed: count,
              uniforms: hexTensorShape.describe('[1, N]: the uniform that drew each token by inverse CDF.'),
            }),
          )
          .readonly(),
        positions: tokens.describe(
          'Tokens of prompt and greedy text; the logits after each are a row of the tensor `id` in logits.safetensors.',
        ),
      }),
    )
    .min(1)
    .readonly(),
}) satisfies z.ZodType<RegressionPack>;

/**
 * Reads a pack from a parsed JSON value.
 * @throws {@link FormatError} when it has another form.
 */
export function packFrom(value: unknown, label = 'pack.json'): RegressionPack {
  const parsed = packShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new FormatError([label, ...path.map(String)].join(': '), 'a regression pack', message);
}
