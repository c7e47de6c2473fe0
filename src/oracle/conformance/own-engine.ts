/**
 * This package as an engine under test, correct or with a known fault planted. It shows an author what a conversation
 * looks like, and shows that the judge notices.
 * @packageDocumentation
 */
import { z } from 'zod';
import { faultNamed } from '../../law/faults/faults.ts';
import { RULES } from '../../verify/rules.ts';
import { emittedWithFault } from '../vectors/rounds/faulty-round.ts';
import { playRound } from '../vectors/rounds/played-round.ts';
import { readInputs } from '../vectors/rounds/round-vectors.ts';
import type { AcceptQuestion } from './operations/accept.ts';
import { type Answer, type Request, requestShape } from './protocol.ts';

/** Answers the lines of a judge. */
export class OwnEngine {
  readonly #version: string;
  readonly #fault: string | null;

  /** @throws {@link OptionError} when there is no fault of this name. */
  constructor(version: string, fault: string | null = null) {
    if (fault !== null) faultNamed(fault);
    this.#version = version;
    this.#fault = fault;
  }

  /** The answer to a line. Any other line than a request is answered with an error. */
  answer(line: string): Answer {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { id: 0, error: 'this line is not JSON' };
    }
    const id = z.object({ id: z.int().min(0) }).safeParse(value).data?.id ?? 0;
    const request = requestShape.safeParse(value);
    if (request.success) return this.#answerTo(request.data);
    const { path, message } = request.error.issues[0]!;
    return { id, error: [...path.map(String), message].join(': ') };
  }

  #answerTo(request: Request): Answer {
    const { id } = request;
    switch (request.op) {
      case 'hello': {
        const name = this.#fault === null ? 'turbo-lora' : `turbo-lora with ${this.#fault}`;
        return { id, outputs: { name, version: this.#version, dtype: 'float64', operations: ['accept'] } };
      }
      case 'accept':
        return { id, ...this.#accept(request) };
      default:
        return { id, unsupported: true, reason: `${request.op} is not offered` };
    }
  }

  #accept({ rule: name, vocabulary, inputs: written }: AcceptQuestion): WithoutId<Answer> {
    const rule = RULES.get(name);
    if (rule === undefined) return { unsupported: true, reason: `there is no rule ${name}` };
    const inputs = readInputs('inputs', vocabulary, written);
    const faulty = this.#fault === null ? null : emittedWithFault(rule, faultNamed(this.#fault), inputs);
    return { outputs: { emitted: faulty ?? playRound(rule, inputs).emitted } };
  }
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
