import type { AskedText, GenerateQuestion } from '../operations/generate.ts';
import { TEXT_FAULTS, type TextFault } from '../text-faults.ts';

/** Requests as an engine understands them, with or without a fault. What was asked before may matter to a fault. */
export class UnderstoodRequests {
  readonly #fault: TextFault | null;
  /** The last batch on each model, as it was understood. */
  readonly #before = new Map<string, readonly AskedText[]>();

  /** Null, or the name of a fault of something else: requests are understood as they are. */
  constructor(fault: string | null) {
    this.#fault = TEXT_FAULTS.get(fault ?? '') ?? null;
  }

  /** What the engine takes a question for. */
  of(question: GenerateQuestion): GenerateQuestion {
    if (this.#fault === null) return question;
    const { model } = question;
    const [batches] = this.#fault.understood([this.#before.get(model) ?? [], question.requests], []);
    const requests = [...batches!.at(-1)!];
    this.#before.set(model, requests);
    return { ...question, requests };
  }
}
