/**
 * Vectors of laws: logits, the text before them and settings, and the law that a token is drawn from.
 * @packageDocumentation
 */
import { z } from 'zod';
import { type HexTensor, hexRows, hexTensorShape, rowOf } from '../hex-tensor.ts';
import { type Tolerance, toleranceShape } from '../tolerance.ts';
import { type VectorFile, type VectorTest, vectorFileShape } from '../vector-file.ts';
import type { LawInputs } from './law-inputs.ts';
import { settingsShape, type VectorSettings } from './vector-settings.ts';

const tokens = z.array(z.int().min(0)).readonly();

/** Inputs of a case, as they are in a file. */
export interface LawVectorInputs {
  readonly prompt: readonly number[];
  /** Tokens of the text after the prompt. */
  readonly generated: readonly number[];
  /** Drafted tokens between the text and this row. */
  readonly drafted: readonly number[];
  readonly settings: VectorSettings;
  /** Shape [1, V]. */
  readonly logits: HexTensor;
}

/** Outputs of a case, as they are in a file. */
export interface LawVectorOutputs {
  /** Shape [1, V]. */
  readonly law: HexTensor;
}

/** How the law of a case is compared. */
export interface LawCompare {
  readonly law: {
    readonly close: Tolerance;
    /** Present if it is open which of several tokens with equal logits stays. */
    readonly order?: 'any' | undefined;
  };
}

/** The schema of the inputs of a case. */
export const lawInputsShape = z.strictObject({
  prompt: tokens,
  generated: tokens.describe('Tokens of the text after the prompt.'),
  drafted: tokens.describe('Drafted tokens between the text and this row: they count as if they were generated.'),
  settings: settingsShape,
  logits: hexTensorShape.describe('[1, V]: raw logits after the last drafted token.'),
}) satisfies z.ZodType<LawVectorInputs>;

/** The schema of the outputs of a case. */
export const lawOutputsShape = z.strictObject({
  law: hexTensorShape.describe('[1, V]: the law that a token is drawn from; removed tokens have probability 0.'),
}) satisfies z.ZodType<LawVectorOutputs>;

/** Nothing needs a larger tolerance. */
export const LAW_CAP: Tolerance = { atol: 1e-30, rtol: 1e-3 };

const compareShape = z.strictObject({
  law: z.strictObject({
    close: toleranceShape(LAW_CAP),
    order: z
      .literal('any')
      .optional()
      .describe('It is open which of several tokens with equal logits stays: sort both laws first.'),
  }),
}) satisfies z.ZodType<LawCompare>;

/** The schema of a file of laws. */
export const lawFileShape = vectorFileShape(lawInputsShape, lawOutputsShape, compareShape);

/** A case. */
export type LawVector = VectorTest<LawVectorInputs, LawVectorOutputs, LawCompare>;

/** A file of laws. */
export type LawFile = VectorFile<LawVectorInputs, LawVectorOutputs, LawCompare>;

/** The inputs of a case as they are in a file. */
export function writtenLawInputs({ vocabulary, logits, ...others }: LawInputs): LawVectorInputs {
  return { ...others, logits: hexRows([logits], vocabulary) };
}

/**
 * The inputs of a case as numbers.
 * @throws {@link FormatError} when the logits are not V numbers.
 */
export function readLawInputs(label: string, vocabulary: number, inputs: LawVectorInputs): LawInputs {
  return { ...inputs, vocabulary, logits: rowOf(`${label}: logits`, inputs.logits, vocabulary) };
}
