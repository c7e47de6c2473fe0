/**
 * Judges an engine: asks it for each case, and has the case say what the answer is worth.
 * @packageDocumentation
 */
import type { Ask, ConformCase, JudgedCase, Unanswered } from './conform-case.ts';
import type { Engine, Reply } from './engine.ts';
import { type Hello, helloShape, PROTOCOL } from './protocol.ts';

/** After this many broken replies in a row nothing more is asked (SPEC-CONFORM-BROKEN). */
export const MOST_BROKEN = 5;

/** Asks an engine who it is; a text that says what came instead if it does not say. */
export async function greet(engine: Engine): Promise<Hello | string> {
  const reply = await askOf(engine)({ op: 'hello', protocol: PROTOCOL }, helloShape);
  return reply.kind === 'outputs' ? reply.value : problemIn(reply);
}

/** Judges case after case. It ends early when an engine breaks again and again. */
export async function* judge(
  engine: Engine,
  cases: Iterable<ConformCase>,
  dtype: string,
): AsyncGenerator<JudgedCase, void, void> {
  const ask = askOf(engine, 1);
  let broken = 0;
  for (const test of cases) {
    const outcome = await test.judge(ask, dtype);
    yield { test, outcome };
    broken = outcome.kind === 'broken' ? broken + 1 : 0;
    if (broken === MOST_BROKEN) return;
  }
}

function askOf(engine: Engine, firstId = 0): Ask {
  let id = firstId;
  return async (question, shape) => {
    const reply = await engine.ask({ id: id++, ...question });
    if (reply.kind !== 'answer') return { kind: 'broken', problem: inWords(reply) };
    const { answer } = reply;
    if ('unsupported' in answer) return { kind: 'unsupported', reason: answer.reason };
    if ('error' in answer) return { kind: 'error', message: answer.error };
    const outputs = shape.safeParse(answer.outputs);
    if (outputs.success) return { kind: 'outputs', value: outputs.data };
    const { path, message } = outputs.error.issues[0]!;
    return { kind: 'broken', problem: `outputs of ${question.op}: ${[...path.map(String), message].join(': ')}` };
  };
}

function problemIn(reply: Unanswered): string {
  if (reply.kind === 'broken') return reply.problem;
  return reply.kind === 'error' ? reply.message : reply.reason;
}

function inWords(reply: Exclude<Reply, { kind: 'answer' }>): string {
  if (reply.kind === 'timeout') return `no answer within ${reply.seconds} s`;
  if (reply.kind === 'junk') return reply.problem;
  return reply.stderr === '' ? `it ${reply.how}` : `it ${reply.how}: ${reply.stderr}`;
}
