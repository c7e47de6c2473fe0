import type { Backend, Shaped } from '../ops/backend.ts';
import { float64Backend } from '../ops/float64/backend.ts';

/** Where models run unless they are given another backend: float64 on the CPU. */
export const DEFAULT_BACKEND: Backend<Shaped, Shaped> = float64Backend;
