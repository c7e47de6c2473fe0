import { LawError } from '../../errors.ts';
import type { ExactLaw } from '../../law/problem.ts';
import { type Files, modelFiles } from './folder-files.ts';
import type { Precision } from './realization.ts';
import { type ModelPlan, realizedModel } from './realized-model.ts';
import { largestDifference, type StoredModel, staysInside, storedModel } from './stored-laws.ts';

/** The files of a model, and what they say when they are read back. */
export interface MadeModel {
  readonly files: Files;
  readonly stored: StoredModel;
  readonly precision: Precision;
}

/** The largest difference to a probability that was asked for. */
export const MOST_DIFFERENCE = 1e-5;

/**
 * A model folder with these laws.
 * @throws {@link LawError} when it does not have them.
 */
export function madeModel(name: string, laws: readonly (ExactLaw | null)[], plan: ModelPlan): MadeModel {
  const { asked, layout, format } = plan;
  const model = realizedModel(laws, plan);
  const files = modelFiles(model, layout, format);
  const stored = storedModel(name, files, asked, layout);
  const difference = checkedDifference(name, laws, stored.laws, plan);
  if (!stored.first[layout.start]!.equals(1)) {
    throw new LawError(`${name} after the first token`, 'the start token, with probability 1', 'another law');
  }
  return { files, stored, precision: { difference, condition: model.condition, magnitude: stored.magnitude } };
}

/**
 * The largest difference between laws that were asked for and those that are there.
 * @throws {@link LawError} when it is too large, or a token that is not in the problem is possible.
 */
export function checkedDifference(
  name: string,
  asked: readonly (ExactLaw | null)[],
  there: readonly ExactLaw[],
  { layout }: Pick<ModelPlan, 'layout'>,
): number {
  if (!staysInside(there, layout)) throw new LawError(name, 'no token but those of the problem', 'another');
  const difference = largestDifference(asked, there);
  if (difference <= MOST_DIFFERENCE) return difference;
  throw new LawError(name, `probabilities within ${MOST_DIFFERENCE} of those asked for`, `off by ${difference}`);
}
