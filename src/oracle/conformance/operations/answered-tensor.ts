import { z } from 'zod';

/** A tensor that an engine answers with: digits in the line, or a tensor of a safetensors file that it wrote. */
export type AnsweredTensor =
  | { readonly dtype: 'F64' | 'F32'; readonly shape: readonly number[]; readonly hex: string }
  | { readonly safetensors: string; readonly name: string };

/** The schema of a tensor that an engine answers with. */
export const answeredTensorShape = z.union([
  z.strictObject({
    dtype: z.enum(['F64', 'F32']),
    shape: z.array(z.int().min(0)).max(8).readonly().describe('Extents, the slowest first.'),
    hex: z
      .string()
      .regex(/^([0-9a-f]{8})*$/)
      .describe('Row-major; 16 or 8 lower-case digits per number: its bytes, the lowest first.'),
  }),
  z.strictObject({
    safetensors: z.string().describe('A file that the engine wrote.'),
    name: z.string().describe('A tensor in it: F64, F32, F16 or BF16.'),
  }),
]) satisfies z.ZodType<AnsweredTensor>;
