/**
 * A problem as checkpoints. Most engines take no tables of fractions, they take folders: here is a target, a draft
 * model and speculative heads whose laws are those of a problem.
 * @packageDocumentation
 */
import { OptionError } from '../../errors.ts';
import type { ExactLaw, Problem } from '../../law/problem.ts';
import type { ProblemInput } from '../../law/problem-input.ts';
import { type AskedLaws, askedLaws } from './asked-laws.ts';
import { exactProblem, problemText } from './exact-problem.ts';
import { DTYPE_OF, type Files, jsonFile, textFile } from './folder-files.ts';
import { type MadeHeads, madeHeads } from './made-heads.ts';
import { type MadeModel, madeModel } from './made-model.ts';
import type { Realization, RealizedHeads, RealizedPrompt } from './realization.ts';
import type { ModelPlan } from './realized-model.ts';
import { WEIGHT_FORMATS, type WeightFormat } from './stored-solution.ts';
import { pieceOf, type TokenLayout, tokenLayout } from './token-layout.ts';

/** How a problem is realized. */
export interface RealizeOptions {
  /** Width of the weights, bfloat16 or float32. Default: bfloat16. */
  readonly dtype?: string;
  /** Of the random weights. Default: 0. */
  readonly seed?: number;
  /** Size of the models' vocabulary. Default: 16 or 320, which engines are known to load. */
  readonly vocabulary?: number;
}

/** The widths that weights may have. */
export const REALIZED_DTYPES: readonly string[] = Object.values(DTYPE_OF);

/** Folders, problems and what there is to know of them. */
export interface RealizedProblem {
  readonly realization: Realization;
  /** Every file, by its path with forward slashes; the last one is `realization.json`. */
  readonly files: Files;
  /** The problems with the laws that the folders have, by the name of the drafter. */
  readonly problems: ReadonlyMap<string, ProblemInput>;
}

/** What the folders are made of. */
interface Parts {
  readonly target: MadeModel;
  readonly draft: MadeModel;
  readonly heads: { readonly turbo: MadeHeads; readonly medusa: MadeHeads };
}

/**
 * Realizes a problem: a target whose law after the prompt and any prefix of a round is the problem's, a draft model
 * with the draft laws, and heads with them, where heads can have them.
 *
 * The laws are those of the problem up to the precision of the weights, to the depth of its drafts; after that
 * anything follows but tokens that are not in the problem. What the stored numbers give in float64, our own run of the
 * files, is written down for each drafter as a problem with exact rationals: dyadic probabilities, divided by their
 * exact sum. An audit compares with that one.
 *
 * A token that is impossible after all prefixes has probability zero, and so has the end of the text. One that is
 * impossible after some has about 2^-64 there, which no draw can meet.
 * @throws {@link OptionError} for an option out of range; {@link UnsupportedError} for more than 62 tokens;
 * {@link WorkLimitError} for more than 384 prefixes; {@link LawError} when the problem lacks a law that a round can
 * reach, or a law of the folders differs from the one asked for by more than 1e-5.
 * @example
 * import assert from 'node:assert/strict';
 * import { load, memoryFolder } from 'turbo-lora/browser';
 * import { problemFrom } from 'turbo-lora/law';
 * import { realize } from 'turbo-lora/oracle';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/4', '1/4'], draft: ['1/2', '1/2'] });
 * const { files, realization } = realize(problem);
 * const target = [...files].flatMap(([path, bytes]) => {
 *   const [folder, name] = path.split('/');
 *   return folder === 'target' ? [[name!, bytes] as const] : [];
 * });
 * const model = await load(memoryFolder('target', target));
 * const { logits } = await model.logits(realization.prompt.tokens);
 * const [a, b] = logits.at(-1)!;
 * assert.ok(Math.abs(a! - b! - Math.log(3)) < 1e-5);
 */
export function realize(problem: Problem, options: RealizeOptions = {}): RealizedProblem {
  const { seed, format } = checked(options);
  const layout = tokenLayout(problem.vocabulary, options.vocabulary);
  const asked = askedLaws(problem);
  const plan: ModelPlan = { asked, layout, format, layers: 2, seed };
  const target = madeModel('target', asked.target, plan);
  const draft = madeModel('draft', asked.draft, { ...plan, layers: 1, seed: seed + 1 });
  const parts = { target, draft, heads: madeHeads(target.stored, plan) };
  const problems = problemsOf(problem, asked, parts);
  const realization = realizationOf(plan, parts);
  return { realization, problems, files: filesOf(realization, problems, parts) };
}

// `satisfies` ties the list to the interface: a missing key does not compile.
const KNOWN = { dtype: 0, seed: 0, vocabulary: 0 } satisfies Record<keyof RealizeOptions, 0>;

function checked(options: RealizeOptions): { seed: number; format: WeightFormat } {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KNOWN, key));
  if (unknown !== undefined) throw new OptionError('option', `one of ${Object.keys(KNOWN).join(', ')}`, unknown);
  const { dtype = DTYPE_OF.BF16, seed = 0 } = options;
  const format = WEIGHT_FORMATS.find((one) => DTYPE_OF[one] === dtype);
  if (format === undefined) throw new OptionError('dtype', `one of ${REALIZED_DTYPES.join(', ')}`, `${dtype}`);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new OptionError('seed', 'an integer in [0, 4294967295]', `${seed}`);
  }
  return { seed, format };
}

/** The exact problem of each drafter. */
function problemsOf(problem: Problem, asked: AskedLaws, { target, draft, heads }: Parts): Map<string, ProblemInput> {
  const { laws } = target.stored;
  const problems = new Map([['draft', exactProblem(problem, asked, { target: laws, draft: draft.stored.laws })]]);
  for (const [name, made] of Object.entries(heads)) {
    if ('objection' in made) continue;
    const byPrefix = asked.prefixes.flatMap(({ length }): ExactLaw[] => made.laws.slice(length, length + 1));
    problems.set(name, exactProblem(problem, asked, { target: laws, draft: byPrefix }));
  }
  return problems;
}

function realizationOf({ layout, format, seed }: ModelPlan, { target, draft, heads }: Parts): Realization {
  return {
    formatVersion: 1,
    dtype: DTYPE_OF[format],
    seed,
    tokens: { vocabulary: layout.vocabularySize, problem: layout.problem, eos: layout.end },
    pieces: Array.from({ length: layout.problem }, (_, token) => pieceOf(layout, token)),
    prompt: promptOf(layout, [layout.first, layout.start]),
    headsPrompt: promptOf(layout, [layout.first]),
    target: { folder: 'target', ...target.precision },
    draft: { folder: 'draft', problem: problemFile('draft'), ...draft.precision },
    turbo: realizedHeads('turbo', heads.turbo),
    medusa: realizedHeads('medusa', heads.medusa),
  };
}

function promptOf(layout: TokenLayout, tokens: readonly number[]): RealizedPrompt {
  return { tokens, text: tokens.map((token) => pieceOf(layout, token)).join('') };
}

function realizedHeads(folder: string, made: MadeHeads): RealizedHeads {
  if ('objection' in made) return made;
  return { folder, problem: problemFile(folder), difference: made.difference };
}

const problemFile = (drafter: string): string => `${drafter}.problem.json`;

function filesOf(
  realization: Realization,
  problems: ReadonlyMap<string, ProblemInput>,
  { target, draft, heads }: Parts,
): Files {
  const files = new Map<string, Uint8Array>();
  for (const [drafter, problem] of problems) files.set(problemFile(drafter), textFile(problemText(problem)));
  for (const [folder, made] of Object.entries({ target, draft, ...heads })) {
    if ('objection' in made) continue;
    for (const [name, bytes] of made.files) files.set(`${folder}/${name}`, bytes);
  }
  return files.set('realization.json', jsonFile(realization));
}
