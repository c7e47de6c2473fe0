/** Every surface by name. */
import fc from 'fast-check';
import type { Surface } from '../surface.ts';
import { commandLines } from './command-lines.ts';
import { adapterFolders, checkpointFolders } from './folders.ts';
import { laws } from './laws.ts';
import { safetensors } from './safetensors.ts';
import { samplingSettings } from './sampling-settings.ts';
import { streams } from './streams.ts';
import { targetPatterns } from './target-patterns.ts';
import { tokenizers } from './tokenizers.ts';

/** All surfaces. */
export const SURFACES: readonly Surface[] = [
  safetensors,
  checkpointFolders,
  adapterFolders,
  targetPatterns,
  tokenizers,
  samplingSettings,
  streams,
  laws,
  commandLines,
];

/** A surface by its name. @throws Error when there is none. */
export function surfaceNamed(name: string): Surface {
  const surface = SURFACES.find((one) => one.name === name);
  if (surface === undefined)
    throw new Error(`no surface ${name}; there are ${SURFACES.map((one) => one.name).join(', ')}`);
  return surface;
}

/** The case that a seed stands for, as it comes back from JSON. */
export function caseOf(surface: Surface, seed: number): unknown {
  const [input] = fc.sample(surface.cases, { seed, numRuns: 1 });
  return JSON.parse(JSON.stringify(input));
}
