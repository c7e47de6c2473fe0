/**
 * `law`: the law that a token is drawn from, after all processors.
 * @packageDocumentation
 */
import { z } from 'zod';
import { FormatError } from '../../../errors.ts';
import { rowOf } from '../../vectors/hex-tensor.ts';
import { type LawVectorInputs, lawInputsShape } from '../../vectors/processors/law-vectors.ts';

/** Asks for a law. */
export interface LawQuestion {
  readonly op: 'law';
  readonly vocabulary: number;
  readonly inputs: LawVectorInputs;
}

/** What an engine answers. */
export interface LawOutputs {
  /** Shape [1, V]. */
  readonly law: { readonly dtype: 'F64' | 'F32'; readonly shape: readonly number[]; readonly hex: string };
}

/** The schema of the question. */
export const lawShape = z
  .strictObject({ op: z.literal('law'), vocabulary: z.int().min(1), inputs: lawInputsShape })
  .describe('From which law is a token drawn, after all processors?') satisfies z.ZodType<LawQuestion>;

/** The schema of the outputs. */
export const lawOutputsShape = z.strictObject({
  law: z
    .strictObject({
      dtype: z.enum(['F64', 'F32']),
      shape: z.array(z.int().min(0)).max(2).readonly(),
      hex: z
        .string()
        .regex(/^([0-9a-f]{8})*$/)
        .describe('16 or 8 lower-case digits per number: its bytes, the lowest first.'),
    })
    .describe('[1, V]: probabilities; 0 for a removed token.'),
}) satisfies z.ZodType<LawOutputs>;

/**
 * The numbers of an answered law.
 * @shape returns [V]
 * @throws {@link FormatError} when it has another shape, or more or fewer digits than its shape says.
 */
export function answeredLaw({ law: { dtype, shape, hex } }: LawOutputs, vocabulary: number): Float64Array {
  if (dtype === 'F64') return rowOf('law', { dtype, shape, hex }, vocabulary);
  if (shape.join() !== `1,${vocabulary}` || hex.length !== 8 * vocabulary) {
    throw new FormatError('law', `shape [1,${vocabulary}] with 8 digits for each number`, `[${shape}], ${hex.length}`);
  }
  const view = new DataView(new ArrayBuffer(4));
  return Float64Array.from({ length: vocabulary }, (_, token) => {
    view.setUint32(0, Number.parseInt(hex.slice(8 * token, 8 * token + 8), 16));
    return view.getFloat32(0, true);
  });
}
