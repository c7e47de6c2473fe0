/**
 * This package as an engine under test, correct or with a known fault planted. It shows an author what a conversation
 * looks like, and shows that the judge notices.
 * @packageDocumentation
 */
import { z } from 'zod';
import { TurboLoraError, UnsupportedError } from '../../errors.ts';
import type { Folder } from '../../formats/folder/folder.ts';
import { faultNamed } from '../../law/faults/faults.ts';
import { RULES } from '../../verify/rules.ts';
import { emittedWithFault } from '../vectors/rounds/faulty-round.ts';
import { playRound } from '../vectors/rounds/played-round.ts';
import { readInputs } from '../vectors/rounds/round-vectors.ts';
import type { AcceptQuestion } from './operations/accept.ts';
import { ownTexts } from './own-engine/generate.ts';
import { ownLogits } from './own-engine/logits.ts';
import { OwnModels } from './own-engine/models.ts';
import { type Answer, type Request, requestShape } from './protocol.ts';

/** What an engine of this package is made of. */
export interface OwnEngineOptions {
  readonly version: string;
  /** The folder at a path, for the operations that take models. */
  readonly folder: (path: string) => Folder;
  /** The fault to plant; null: none. */
  readonly fault?: string | null;
}

/** Answers the lines of a judge. */
export class OwnEngine {
  readonly #version: string;
  readonly #fault: string | null;
  readonly #models: OwnModels;

  /** @throws {@link OptionError} when there is no fault of this name. */
  constructor({ version, folder, fault = null }: OwnEngineOptions) {
    if (fault !== null) faultNamed(fault);
    this.#version = version;
    this.#fault = fault;
    this.#models = new OwnModels(folder);
  }

  /** The answer to a line. Any other line than a request is answered with an error. */
  async answer(line: string): Promise<Answer> {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { id: 0, error: 'this line is not JSON' };
    }
    const id = z.object({ id: z.int().min(0) }).safeParse(value).data?.id ?? 0;
    const request = requestShape.safeParse(value);
    if (!request.success) {
      const { path, message } = request.error.issues[0]!;
      return { id, error: [...path.map(String), message].join(': ') };
    }
    try {
      return { id, outputs: { ...(await this.#outputs(request.data)) } };
    } catch (error) {
      if (error instanceof UnsupportedError) return { id, unsupported: true, reason: cut(error.message) };
      if (error instanceof TurboLoraError) return { id, error: cut(error.message) };
      throw error;
    }
  }

  #outputs(request: Request): object | Promise<object> {
    switch (request.op) {
      case 'hello': {
        const name = this.#fault === null ? 'turbo-lora' : `turbo-lora with ${this.#fault}`;
        return { name, version: this.#version, dtype: 'float64', operations: ['accept', 'logits', 'generate'] };
      }
      case 'accept':
        return this.#accept(request);
      case 'logits':
        return ownLogits(this.#models, request);
      case 'generate':
        return ownTexts(this.#models, request);
    }
  }

  #accept({ rule: name, vocabulary, inputs: written }: AcceptQuestion): object {
    const rule = RULES.get(name);
    if (rule === undefined) throw new UnsupportedError('rule', `one of ${[...RULES.keys()].join(', ')}`, name);
    const inputs = readInputs('inputs', vocabulary, written);
    const faulty = this.#fault === null ? null : emittedWithFault(rule, faultNamed(this.#fault), inputs);
    return { emitted: faulty ?? playRound(rule, inputs).emitted };
  }
}

/** As long as the protocol lets a reason be. */
function cut(text: string): string {
  return text.slice(0, 2000);
}
