/**
 * The suites of vectors: which files there are, and how each is made.
 * @packageDocumentation
 */
import type { z } from 'zod';
import { OptionError } from '../../errors.ts';
import { decodeFileShape } from './decodes/decode-vectors.ts';
import { decodeFiles } from './decodes/suite.ts';
import { drawFileShape } from './draws/draw-vectors.ts';
import { drawFiles } from './draws/suite.ts';
import { logprobFileShape } from './logprobs/logprob-vectors.ts';
import { logprobFiles } from './logprobs/suite.ts';
import { maskFileShape } from './masks/mask-vectors.ts';
import { maskFiles } from './masks/suite.ts';
import { lawFileShape } from './processors/law-vectors.ts';
import { lawFiles } from './processors/suite.ts';
import { rotaryFileShape } from './rotary/rotary-vectors.ts';
import { rotaryFiles } from './rotary/suite.ts';
import { roundFileShape } from './rounds/round-vectors.ts';
import { roundFiles } from './rounds/suite.ts';
import { type AnyVectorFile, vectorText } from './vector-file.ts';

/** A suite of vectors. */
export interface Suite {
  readonly name: string;
  /** What its files hold, in a few words. */
  readonly about: string;
  readonly shape: z.ZodType;
  /** Its files by path, each made when it is asked for. */
  files(seed: number): ReadonlyMap<string, () => AnyVectorFile>;
}

/** Every suite, by name. */
export const SUITES: ReadonlyMap<string, Suite> = new Map(
  [
    {
      name: 'rounds',
      about: 'one round: target and draft laws, a tree and uniforms; what each acceptance rule emits',
      shape: roundFileShape,
      files: roundFiles,
    },
    {
      name: 'processors',
      about: 'logits, text and settings to the law that a token is drawn from, for each processor and combinations',
      shape: lawFileShape,
      files: lawFiles,
    },
    {
      name: 'draws',
      about: 'a law and uniforms to a token, by inverse CDF and by a race',
      shape: drawFileShape,
      files: drawFiles,
    },
    {
      name: 'logprobs',
      about: 'log-probabilities of emitted tokens and of the most likely ones, raw and processed',
      shape: logprobFileShape,
      files: logprobFiles,
    },
    {
      name: 'rotary',
      about: 'inverse frequencies, cosines and sines of rotary embeddings, at far positions too',
      shape: rotaryFileShape,
      files: rotaryFiles,
    },
    {
      name: 'masks',
      about: 'positions of new tokens and the keys that each sees: causal, windows, trees of drafted tokens',
      shape: maskFileShape,
      files: maskFiles,
    },
    {
      name: 'decodes',
      about:
        'whole texts on a table of logits, step by step: ends, stop sequences, lengths, penalties in accepted runs',
      shape: decodeFileShape,
      files: decodeFiles,
    },
  ].map((suite) => [suite.name, suite]),
);

/** The seed of the committed vectors. */
export const COMMITTED_SEED = 1;

/**
 * The suite of this name.
 * @throws {@link OptionError} when there is none.
 * @example
 * import assert from 'node:assert/strict';
 * import { suiteNamed } from 'turbo-lora/oracle';
 * assert.ok(suiteNamed('rounds').files(1).has('rounds/rejection.json'));
 */
export function suiteNamed(name: string): Suite {
  const suite = SUITES.get(name);
  if (suite === undefined) throw new OptionError('suite', `one of ${[...SUITES.keys()].join(', ')}`, name);
  return suite;
}

/** A file of vectors that has not been made yet. */
export interface PlannedFile {
  readonly suite: Suite;
  /** Relative to the folder of vectors, with forward slashes. */
  readonly path: string;
  /** The text of the file. It is made by this call. */
  text(): string;
}

/** The files of some suites, in order. */
export function plannedFiles(suites: readonly Suite[], seed: number): PlannedFile[] {
  return suites.flatMap((suite) =>
    [...suite.files(seed)].map(([path, make]) => ({ suite, path, text: () => vectorText(make()) })),
  );
}
