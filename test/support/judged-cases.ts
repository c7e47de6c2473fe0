/** Cases judged on an engine in this process, and what came. */
import type { ConformCase, JudgedCase } from '../../src/oracle/conformance/conform-case.ts';
import type { Engine, Reply } from '../../src/oracle/conformance/engine.ts';
import { judge } from '../../src/oracle/conformance/judge.ts';
import type { AskedText, GenerateQuestion } from '../../src/oracle/conformance/operations/generate.ts';
import type { Request } from '../../src/oracle/conformance/protocol.ts';
import { ownEngine } from './own-engines.ts';

/** Judges cases. */
export async function judged(engine: Engine, cases: readonly ConformCase[], dtype = 'float64'): Promise<JudgedCase[]> {
  const outcomes: JudgedCase[] = [];
  for await (const each of judge(engine, cases, dtype)) outcomes.push(each);
  return outcomes;
}

/** The kinds of outcome that came. */
export const kinds = (cases: readonly JudgedCase[]) => [...new Set(cases.map(({ outcome }) => outcome.kind))];

/** This package, between changes to what it is asked and to the texts that it answers to each request. */
export function changed(
  asked: (question: GenerateQuestion) => GenerateQuestion,
  answered: (texts: readonly (readonly number[])[], request: AskedText) => unknown = (texts) => texts,
): Engine {
  const own = ownEngine();
  return {
    async ask(request: Request): Promise<Reply> {
      if (request.op !== 'generate') return own.ask(request);
      const reply = await own.ask({ id: request.id, ...asked(request) });
      if (reply.kind !== 'answer' || !('outputs' in reply.answer)) return reply;
      const { texts } = reply.answer.outputs as { texts: number[][][] };
      const after = texts.map((each, r) => answered(each, request.requests[r]!));
      return { kind: 'answer', answer: { id: request.id, outputs: { texts: after } } };
    },
    close: () => own.close(),
  };
}
