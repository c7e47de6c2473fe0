import type { SpeculativeHead } from '../../draft/heads.ts';
import type { ExactLaw } from '../../law/problem.ts';
import type { Stored } from '../../numerics/stored.ts';
import { type Files, headsFiles } from './folder-files.ts';
import { headLaws, sharingObjection } from './head-laws.ts';
import { checkedDifference } from './made-model.ts';
import { medusaHeads, turboHeads } from './realized-heads.ts';
import type { ModelPlan } from './realized-model.ts';
import { type StoredModel, storedHeadLaws } from './stored-laws.ts';

/** The files of heads and what they say by depth; or why there are none. */
export type MadeHeads =
  | { readonly files: Files; readonly laws: readonly ExactLaw[]; readonly difference: number }
  | { readonly objection: string };

/**
 * Turbo and Medusa heads with the draft laws of a problem, for a target that is there.
 * @throws as {@link checkedDifference} does.
 */
export function madeHeads(target: StoredModel, plan: ModelPlan): { turbo: MadeHeads; medusa: MadeHeads } {
  const found = headLaws(plan.asked);
  if ('objection' in found) return { turbo: found, medusa: found };
  const { laws } = found;
  const made = (name: string, heads: readonly SpeculativeHead<Stored>[] | null): MadeHeads => {
    if (heads === null) return { objection: 'no state near the hidden state has these laws in the shared embedding' };
    const files = headsFiles(heads, 'target');
    const there = storedHeadLaws(name, files, target, plan.layout);
    return { files, laws: there, difference: checkedDifference(name, laws, there, plan) };
  };
  const objection = sharingObjection(laws, plan.asked);
  const { firstState: state, transformer } = target;
  return {
    turbo: objection === null ? made('turbo', turboHeads(laws, state, transformer.head.weight, plan)) : { objection },
    medusa: made('medusa', medusaHeads(laws, state, plan)),
  };
}
