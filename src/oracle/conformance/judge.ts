/**
 * Judges an engine by the vectors of rounds: asks it for each, and compares what it emits.
 * @packageDocumentation
 */
import type { Rule } from '../../verify/rule.ts';
import { RULES } from '../../verify/rules.ts';
import type { RoundInputs } from '../vectors/rounds/played-round.ts';
import type { RoundVectorInputs, RoundVectorOutputs } from '../vectors/rounds/round-vectors.ts';
import { type RoundVector, readInputs } from '../vectors/rounds/round-vectors.ts';
import type { VectorFile } from '../vectors/vector-file.ts';
import type { Engine, Reply } from './engine.ts';
import { acceptOutputsShape, type Hello, helloShape, PROTOCOL } from './protocol.ts';

/** What came of one case. */
export type Outcome =
  | { readonly kind: 'pass' }
  /** A case that need not be matched was not: it is so near a tie that rounding decides it. */
  | { readonly kind: 'near tie'; readonly got: readonly number[] }
  | { readonly kind: 'fail'; readonly expected: readonly number[]; readonly got: readonly number[] }
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string }
  /** The engine hung, died or answered with something else. */
  | { readonly kind: 'broken'; readonly problem: string };

/** A case and what came of it. */
export interface JudgedCase {
  readonly rule: Rule;
  readonly test: RoundVector;
  readonly inputs: RoundInputs;
  readonly outcome: Outcome;
}

/** A case to be judged. */
export interface PlannedCase {
  readonly rule: Rule;
  readonly vocabulary: number;
  readonly test: RoundVector;
}

/** After this many broken replies in a row nothing more is asked (SPEC-CONFORM-BROKEN). */
export const MOST_BROKEN = 5;

/** The cases of files of rounds, in order. */
export function plannedCases(
  files: readonly VectorFile<RoundVectorInputs, RoundVectorOutputs>[],
): readonly PlannedCase[] {
  return files.flatMap(({ algorithm, groups }) =>
    groups.flatMap(({ vocabulary, tests }) => tests.map((test) => ({ rule: RULES.get(algorithm)!, vocabulary, test }))),
  );
}

/** Asks an engine who it is; a text that says what came instead if it does not say. */
export async function greet(engine: Engine): Promise<Hello | string> {
  const reply = await engine.ask({ id: 0, op: 'hello', protocol: PROTOCOL });
  const outputs = outputsOf(reply);
  if (outputs.kind !== 'outputs') return problemIn(outputs);
  const hello = helloShape.safeParse(outputs.value);
  return hello.success ? hello.data : `outputs of hello without ${hello.error.issues[0]!.path.map(String).join('.')}`;
}

/** Judges case after case. It ends early when an engine breaks again and again. */
export async function* judge(engine: Engine, cases: readonly PlannedCase[]): AsyncGenerator<JudgedCase, void, void> {
  const unsupported = new Map<string, string>();
  let broken = 0;
  for (const [i, { rule, vocabulary, test }] of cases.entries()) {
    const known = unsupported.get(rule.name);
    const outcome: Outcome =
      known === undefined
        ? await outcomeOf(engine, i + 1, { rule, vocabulary, test })
        : { kind: 'unsupported', reason: known };
    if (outcome.kind === 'unsupported') unsupported.set(rule.name, outcome.reason);
    yield { rule, test, inputs: readInputs(test.id, vocabulary, test.inputs), outcome };
    broken = outcome.kind === 'broken' ? broken + 1 : 0;
    if (broken === MOST_BROKEN) return;
  }
}

async function outcomeOf(engine: Engine, id: number, { rule, vocabulary, test }: PlannedCase): Promise<Outcome> {
  const { inputs } = test;
  const outputs = outputsOf(await engine.ask({ id, op: 'accept', rule: rule.name, vocabulary, inputs }));
  if (outputs.kind !== 'outputs') return outputs;
  const read = acceptOutputsShape.safeParse(outputs.value);
  if (!read.success) return { kind: 'broken', problem: 'outputs of accept without a list `emitted` of token ids' };
  const [expected, got] = [test.outputs.emitted, read.data.emitted];
  if (got.join() === expected.join()) return { kind: 'pass' };
  return test.result === 'acceptable' ? { kind: 'near tie', got } : { kind: 'fail', expected, got };
}

type Outputs =
  | { readonly kind: 'outputs'; readonly value: unknown }
  | Exclude<Outcome, { kind: 'pass' | 'near tie' | 'fail' }>;

function outputsOf(reply: Reply): Outputs {
  if (reply.kind !== 'answer') return { kind: 'broken', problem: inWords(reply) };
  const { answer } = reply;
  if ('outputs' in answer) return { kind: 'outputs', value: answer.outputs };
  if ('unsupported' in answer) return { kind: 'unsupported', reason: answer.reason };
  return { kind: 'error', message: answer.error };
}

function problemIn(outputs: Exclude<Outputs, { kind: 'outputs' }>): string {
  if (outputs.kind === 'broken') return outputs.problem;
  return outputs.kind === 'error' ? outputs.message : outputs.reason;
}

function inWords(reply: Exclude<Reply, { kind: 'answer' }>): string {
  if (reply.kind === 'timeout') return `no answer within ${reply.seconds} s`;
  if (reply.kind === 'junk') return reply.problem;
  return reply.stderr === '' ? `it ${reply.how}` : `it ${reply.how}: ${reply.stderr}`;
}
