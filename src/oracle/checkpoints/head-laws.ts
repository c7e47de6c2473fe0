import type { ExactLaw } from '../../law/problem.ts';
import type { AskedLaws } from './asked-laws.ts';

/** One draft law for each depth, or why heads cannot have the laws of a problem. */
export type HeadLaws = { readonly laws: readonly ExactLaw[] } | { readonly objection: string };

/**
 * The laws of heads: a head reads the state before the round, and not what was drafted before it. So the draft law has
 * to be the same after all prefixes of one length.
 */
export function headLaws({ prefixes, draft }: AskedLaws): HeadLaws {
  const depth = prefixes.at(-1)!.length;
  if (depth === 0) return { objection: 'nothing is drafted' };
  const laws: ExactLaw[] = [];
  for (const [at, { length }] of prefixes.entries()) {
    const law = draft[at];
    if (length === depth || law == null) continue;
    const known = laws[length];
    if (known === undefined) laws.push(law);
    else if (law.some((mass, token) => !mass.equals(known[token]!))) {
      return { objection: `draft laws ${length} tokens into a round differ, and a head does not see these tokens` };
    }
  }
  return { laws };
}

/** Why heads that share the target's output embedding cannot have these laws; null if they can. */
export function sharingObjection(laws: readonly ExactLaw[], { possible, target }: AskedLaws): string | null {
  const missing = possible.find(
    (token) =>
      laws.some((law) => law[token]!.compare(0) > 0) && target.every((law) => law === null || law[token]!.equals(0)),
  );
  return missing === undefined
    ? null
    : `token ${missing} is drafted, but impossible in the output embedding they share`;
}
