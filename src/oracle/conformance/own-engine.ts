/**
 * This package as an engine under test, correct or with a known fault planted. It shows an author what a conversation
 * looks like, and shows that the judge notices.
 * @packageDocumentation
 */
import { z } from 'zod';
import { OptionError, TurboLoraError, UnsupportedError } from '../../errors.ts';
import type { Folder } from '../../formats/folder/folder.ts';
import { MODEL_FAULTS } from './model-faults/model-faults.ts';
import { ownTexts } from './own-engine/generate.ts';
import { ownLogits } from './own-engine/logits.ts';
import { OwnModels } from './own-engine/models.ts';
import { UnderstoodRequests } from './own-engine/understood.ts';
import { ENGINE_FAULTS, ownDraw, ownLaw, ownRound } from './own-engine/vectors.ts';
import { type Answer, type Request, requestShape } from './protocol.ts';

/** What an engine of this package is made of. */
export interface OwnEngineOptions {
  readonly version: string;
  /** The folder at a path, for the operations that take models. */
  readonly folder: (path: string) => Folder;
  /** The fault to plant; null: none. */
  readonly fault?: string | null;
}

const OPERATIONS = ['accept', 'law', 'draw', 'logits', 'generate'];

/** Answers the lines of a judge. */
export class OwnEngine {
  readonly #version: string;
  readonly #fault: string | null;
  readonly #models: OwnModels;
  readonly #understood: UnderstoodRequests;

  /** @throws {@link OptionError} when there is no fault of this name. */
  constructor({ version, folder, fault = null }: OwnEngineOptions) {
    if (fault !== null && !ENGINE_FAULTS.includes(fault)) {
      throw new OptionError('fault', `one of ${ENGINE_FAULTS.join(', ')}`, fault);
    }
    this.#version = version;
    this.#fault = fault;
    this.#understood = new UnderstoodRequests(fault);
    this.#models = new OwnModels(folder, MODEL_FAULTS.get(fault ?? '') ?? null);
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
        return { name, version: this.#version, dtype: 'float64', operations: OPERATIONS };
      }
      case 'accept':
        return ownRound(request, this.#fault);
      case 'law':
        return ownLaw(request, this.#fault);
      case 'draw':
        return ownDraw(request, this.#fault);
      case 'logits':
        return ownLogits(this.#models, request);
      case 'generate':
        return ownTexts(this.#models, this.#understood.of(request));
    }
  }
}

/** As long as the protocol lets a reason be. */
function cut(text: string): string {
  return text.slice(0, 2000);
}
