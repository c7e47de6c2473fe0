import type { Draft } from '../../../draft/draft.ts';
import { LawError } from '../../../errors.ts';
import { dyadic } from '../../../law/exact-number.ts';
import { keyOf, prefixAt } from '../../../law/prefix.ts';
import type { ExactLaw, ExactLaws, Problem } from '../../../law/problem.ts';
import { exactDraftOf, type RoundInputs } from './played-round.ts';

/**
 * The problem that a round is a part of: it has laws after the prefixes of the draft only.
 * @throws {@link LawError} from its laws, after any other prefix.
 */
export function problemOf(inputs: RoundInputs): Problem {
  const draft = exactDraftOf(inputs);
  const { vocabulary, parents, drawn, tokens } = inputs;
  const nodes = tokens.map((_, node) => node);
  return {
    vocabulary,
    parents,
    drawn,
    target: lawsAt(draft, [-1, ...nodes], (node) => inputs.target[node + 1]!),
    draft: lawsAt(
      draft,
      nodes.map((node) => parents[node]!),
      (parent) => inputs.draft[parents.indexOf(parent)]!,
    ),
  };
}

function lawsAt(
  draft: Draft<unknown>,
  nodes: readonly number[],
  lawOf: (node: number) => ArrayLike<number>,
): ExactLaws {
  const laws = new Map<string, ExactLaw>();
  for (const node of nodes) laws.set(keyOf(prefixAt(draft, node)), Array.from(lawOf(node), dyadic));
  return (prefix) => {
    const law = laws.get(keyOf(prefix));
    if (law === undefined) throw new LawError('law', 'a prefix of the draft', keyOf(prefix));
    return law;
  };
}
