/**
 * Rounds as an engine reports them: JSON lines, one object per round, each of the same problem from its start.
 *
 * `{"drafted": [0, 2], "accepted": 1, "emitted": [0, 1]}`: what was drafted, how many tokens of it were accepted, and
 * what was emitted: the accepted tokens and the one after them. A draft without the full shape of the problem lists the
 * parent of each token: `"parents": [-1, 0]`. An engine that cannot report its drafts always leaves out `drafted`.
 *
 * Lines of a trace (`generate --trace`) are rounds too. Identical rounds can be counted instead:
 * `{"drafted": [0, 2], "accepted": 1, "emitted": [0, 1], "times": 31415}`.
 * @packageDocumentation
 */
import { childrenOf } from '../draft/draft.ts';
import { FormatError } from '../errors.ts';
import { checkToken } from '../numerics/token.ts';
import type { Problem } from './problem.ts';
import type { Outcome } from './round-program.ts';
import { longestRound } from './shape.ts';
import { traceShape } from './trace-line.ts';

/** A round whose draft may be unknown. */
export interface SampledRound extends Pick<Outcome, 'accepted' | 'emitted'> {
  /** Null when it was not reported. */
  readonly drafted: readonly number[] | null;
  /** Null when the draft was not reported. */
  readonly parents: readonly number[] | null;
}

/** A line of rounds: one round, or a count of identical rounds. */
export interface ReportedRound extends SampledRound {
  /** Null for a single round, in the order in which the rounds were played. */
  readonly times: number | null;
}

/**
 * Reads a round of a problem from a parsed JSON value (SPEC-ROUND-TEXT, SPEC-ROUND-DRAFT in spec/rules.md).
 * @throws {@link FormatError} when a key is missing, unknown or of the wrong kind, or the round is impossible: invalid
 * parents, more tokens accepted than drafted, a round cut short by the end of its text, or emitted tokens that are not
 * an accepted branch of the draft and one more token; {@link TokenError} when a token is outside the vocabulary.
 * @example
 * import assert from 'node:assert/strict';
 * import { problemFrom, roundFrom } from 'turbo-lora/law';
 * const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
 * const round = roundFrom({ drafted: [0], accepted: 1, emitted: [0, 1] }, problem);
 * assert.deepEqual(round.parents, [-1]);
 */
export function roundFrom(value: unknown, problem: Problem, label = 'round'): ReportedRound {
  const parsed = traceShape.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new FormatError(
      [label, ...path.map(String)].join(': '),
      'JSON as spec/rounds.schema.json describes',
      message,
    );
  }
  const { drafted = null, parents: given = null, accepted, emitted, times = null } = parsed.data;
  checkTokens(`${label}: emitted`, emitted, problem);
  if (parsed.data.stop && emitted.length === accepted) {
    throw new FormatError(
      label,
      'a complete round (a partial one can be judged by its own distributions, without a problem)',
      'one cut short by the end of its text',
    );
  }
  if (emitted.length !== accepted + 1) {
    throw new FormatError(`${label}: emitted`, `${accepted} accepted tokens and one more`, `${emitted.length} tokens`);
  }
  if (drafted === null) {
    if (given !== null) throw new FormatError(`${label}: parents`, 'no parents without drafted tokens', 'some');
    const most = longestRound(problem) - 1;
    if (accepted > most) throw new FormatError(`${label}: accepted`, `at most ${most}`, `${accepted}`);
    return { drafted, parents: null, accepted, emitted, times };
  }
  checkTokens(`${label}: drafted`, drafted, problem);
  const parents = parentsOf(drafted, given, problem, label);
  checkAccepted({ drafted, parents, accepted, emitted }, label);
  return { drafted, parents, accepted, emitted, times };
}

function checkTokens(label: string, tokens: readonly number[], { vocabulary }: Problem): void {
  for (const [i, token] of tokens.entries()) {
    checkToken(`${label}: ${i}`, token, vocabulary);
  }
}

function parentsOf(
  drafted: readonly number[],
  given: readonly number[] | null,
  problem: Problem,
  label: string,
): readonly number[] {
  const parents = given ?? problem.parents;
  if (drafted.length > problem.parents.length || parents.length !== drafted.length) {
    const expected = `${problem.parents.length} tokens, or fewer and the parent of each`;
    throw new FormatError(`${label}: drafted`, expected, `${drafted.length} tokens, ${parents.length} parents`);
  }
  const wrong = parents.findIndex((parent, node) => parent >= node);
  if (wrong >= 0) throw new FormatError(`${label}: parents: ${wrong}`, '-1 or an earlier node', `${parents[wrong]}`);
  return parents;
}

function checkAccepted({ drafted, parents, accepted, emitted }: Outcome, label: string): void {
  if (accepted > drafted.length) {
    throw new FormatError(`${label}: accepted`, `at most the ${drafted.length} drafted tokens`, `${accepted}`);
  }
  const draft = { tokens: drafted, parents, laws: [] };
  // Twins: several nodes may spell the same prefix.
  let nodes = [-1];
  for (const [n, token] of emitted.slice(0, accepted).entries()) {
    nodes = nodes.flatMap((node) => childrenOf(draft, node).filter((child) => drafted[child] === token));
    if (nodes.length === 0) throw new FormatError(`${label}: emitted: ${n}`, 'an accepted drafted token', `${token}`);
  }
}
