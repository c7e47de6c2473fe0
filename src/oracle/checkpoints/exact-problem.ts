import { keyOf } from '../../law/prefix.ts';
import type { ExactLaw, Problem } from '../../law/problem.ts';
import type { LawInput, ProblemInput } from '../../law/problem-input.ts';
import type { AskedLaws } from './asked-laws.ts';

/** Laws after the prefixes of a problem, in their order; a shorter list leaves out the last ones. */
export interface LawsByPrefix {
  readonly target: readonly ExactLaw[];
  readonly draft: readonly ExactLaw[];
}

/** A problem with the drafts of another and these laws, after each of its prefixes. */
export function exactProblem(
  { parents, drawn }: Pick<Problem, 'parents' | 'drawn'>,
  { prefixes }: AskedLaws,
  { target, draft }: LawsByPrefix,
): ProblemInput {
  const by = (laws: readonly ExactLaw[]): { after: Record<string, LawInput> } => ({
    after: Object.fromEntries(laws.map((law, at) => [keyOf(prefixes[at]!), law.map((mass) => mass.toFraction())])),
  });
  return {
    vocabulary: target[0]!.length,
    target: by(target),
    draft: by(draft),
    shape: { parents: [...parents] },
    drawn,
  };
}

/** The text of a problem: a law per line. */
export function problemText(problem: ProblemInput): string {
  const { target, draft, ...rest } = problem;
  const members = Object.entries(rest).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const laws = Object.entries({ target, draft }).map(([key, value]) => {
    const { after } = value as { after: Record<string, LawInput> };
    const lines = Object.entries(after).map(([prefix, law]) => `   ${JSON.stringify(prefix)}: ${JSON.stringify(law)}`);
    return ` ${JSON.stringify(key)}: {\n  "after": {\n${lines.join(',\n')}\n  }\n }`;
  });
  return `{\n${[...members, ...laws].join(',\n')}\n}\n`;
}
