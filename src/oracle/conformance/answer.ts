import { quoted } from '../../quoted.ts';
import type { Reply } from './engine.ts';
import { answerShape } from './protocol.ts';

/** Reads a line as the answer to a request. */
export function answerFrom(line: string, id: number): Reply {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'junk', problem: `no JSON: ${quoted(line.slice(0, 200))}` };
  }
  const answer = answerShape.safeParse(value);
  if (!answer.success) {
    return { kind: 'junk', problem: `no answer of the protocol: ${quoted(line.slice(0, 200))}` };
  }
  if (answer.data.id !== id) {
    return { kind: 'junk', problem: `an answer to request ${answer.data.id} instead of ${id}` };
  }
  return { kind: 'answer', answer: answer.data };
}
