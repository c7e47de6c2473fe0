import { OptionError } from '../errors.ts';
import type { ConformCase, Outcome } from '../oracle/conformance/conform-case.ts';
import type { Engine, Reply } from '../oracle/conformance/engine.ts';
import { greet, judge } from '../oracle/conformance/judge.ts';
import { outcomeWords } from '../oracle/conformance/outcome-words.ts';
import { RecordedEngine } from '../oracle/conformance/recorded-engine.ts';
import { print, printJson, withoutControls } from './output.ts';
import { didYouMean } from './suggestion.ts';
import { UnexpectedResult } from './unexpected-result.ts';

/**
 * The case of this name.
 * @throws {@link OptionError} when there is none.
 */
export function caseNamed(cases: readonly ConformCase[], id: string): ConformCase {
  const found = cases.find((test) => test.id === id);
  if (found !== undefined) return found;
  const ids = cases.map((test) => test.id);
  throw new OptionError('--case', 'the id of a case, as a report has it', `${id}${didYouMean(id, ids)}`);
}

/** How one case is judged. */
export interface JudgeOneOptions {
  readonly json?: boolean;
  readonly dtype?: string;
}

/** Judges one case, and prints what was asked and answered. */
export async function judgeOne(engine: Engine, test: ConformCase, { json, dtype }: JudgeOneOptions): Promise<void> {
  const recorded = new RecordedEngine(engine);
  const hello = await greet(recorded);
  let outcome: Outcome | null = null;
  if (typeof hello !== 'string') {
    for await (const each of judge(recorded, [test], dtype ?? hello.dtype)) outcome = each.outcome;
  }
  const { exchanges } = recorded;
  if (json) printJson({ case: test.id, flags: test.flags, outcome, exchanges });
  else {
    const words = outcome === null ? `the engine did not say who it is: ${hello}` : outcomeWords(outcome);
    print(withoutControls(`${test.id}: ${words}\n`));
    if (test.flags.length > 0) print(`flags: ${test.flags.join(', ')}\n`);
    for (const { request, reply } of exchanges) {
      print(withoutControls(`\nasked ${JSON.stringify(request)}\nthere came ${answered(reply)}\n`));
    }
  }
  if (outcome === null || !['pass', 'near tie'].includes(outcome.kind)) throw new UnexpectedResult();
}

/** The line of an answer, or what came instead. */
function answered(reply: Reply): string {
  return JSON.stringify(reply.kind === 'answer' ? reply.answer : reply);
}
