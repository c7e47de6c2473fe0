import { NonFiniteError } from '../../../errors.ts';
import { type AdaptedModel, emulatedLogits, exactLogits } from '../../noise/emulated-logits.ts';
import { dtypeNamed, type EngineDtype } from '../../noise/formats.ts';
import { noiseOf } from '../../noise/noise.ts';
import type { Ask, ConformCase, Explanation, Outcome } from '../conform-case.ts';
import { type GreedyReading, readGreedy } from '../greedy-text.ts';
import type { ModelFault } from '../model-faults/model-fault.ts';
import { MODEL_FAULTS, withModelFault } from '../model-faults/model-faults.ts';
import { generateOutputsShape } from '../operations/generate.ts';
import { type AskedBatches, TEXT_FAULTS } from '../text-faults.ts';
import { resolved } from './asked-folders.ts';
import { openModel } from './open-models.ts';
import type { Fixtures } from './suite.ts';

/** What is asked: batches one after another. Folders are relative to the fixtures. */
export interface TextPlan extends Pick<ConformCase, 'part' | 'id' | 'flags'> {
  readonly model: string;
  readonly batches: AskedBatches;
  /** Every adapter that is asked for on this model. */
  readonly adapters: readonly string[];
}

/** The text of each request of each batch. */
type AnsweredTexts = readonly (readonly (readonly number[])[])[];

/** Greedy texts: the same as those of plain decoding, except where the number format cannot tell. */
export class TextCase implements ConformCase {
  readonly suite = 'texts';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #fixtures: Fixtures;
  readonly #plan: TextPlan;
  readonly #noise = new Map<string, Float64Array | null>();
  #answered: { readonly texts: AnsweredTexts; readonly format: EngineDtype } | null = null;

  constructor(fixtures: Fixtures, plan: TextPlan) {
    [this.part, this.id, this.flags] = [plan.part, plan.id, plan.flags];
    this.#fixtures = fixtures;
    this.#plan = plan;
  }

  async judge(ask: Ask, dtype: string): Promise<Outcome> {
    this.#answered = null;
    const format = dtypeNamed(dtype);
    if (format === null) return { kind: 'undecided', reason: `the noise of ${dtype} is not known: say --dtype` };
    const texts: (readonly number[])[][] = [];
    for (const batch of this.#plan.batches) {
      const requests = batch.map((text) => resolved(this.#fixtures, text));
      const model = this.#fixtures.at(this.#plan.model);
      const reply = await ask({ op: 'generate', model, requests, repetitions: 1 }, generateOutputsShape);
      if (reply.kind !== 'outputs') return reply;
      const got = reply.value.texts.map(({ length }) => length);
      const expected = batch.map(() => 1);
      if (got.join() !== expected.join()) {
        return { kind: 'fail', expected: `texts: [${expected}], by request`, got: `[${got}]` };
      }
      texts.push(reply.value.texts.map(([only]) => only!));
    }
    this.#answered = { texts, format };
    return this.#outcome(texts, format);
  }

  #outcome(texts: AnsweredTexts, format: EngineDtype): Outcome {
    const ties: string[] = [];
    for (const { reading, where } of this.#readings(this.#plan.batches, texts, format, null)) {
      if (reading === null) return { kind: 'undecided', reason: `numbers are too large for ${format}` };
      const { divergence, nearTies } = reading;
      ties.push(...nearTies.map((position) => `${where}after ${position} new tokens`));
      if (divergence === null) continue;
      const { position, expected, got, gap } = divergence;
      const apart = gap === undefined ? '' : `, ${gap.toPrecision(3)} times the noise less likely`;
      const noise = gap !== undefined && Number.isFinite(gap) ? { noise: gap } : {};
      return {
        kind: 'fail',
        expected: `${where}after ${position} new tokens: ${expected}`,
        got: `${got}${apart}`,
        ...noise,
      };
    }
    return ties.length === 0 ? { kind: 'pass' } : { kind: 'near tie', got: ties.join('; ') };
  }

  /** The faults under which every text would be greedy. */
  explain(): Explanation[] {
    const answered = this.#answered;
    if (answered === null) return [];
    const { batches, adapters } = this.#plan;
    const fits = (asked: AskedBatches, fault: ModelFault | null): boolean => {
      for (const { reading } of this.#readings(asked, answered.texts, answered.format, fault)) {
        if (reading?.divergence !== null) return false;
      }
      return true;
    };
    const named = [
      ...[...TEXT_FAULTS.values()].filter((fault) =>
        fault.understood(batches, adapters).some((asked) => fits(asked, null)),
      ),
      ...[...MODEL_FAULTS.values()].filter((fault) => fits(batches, fault)),
    ];
    return named.map(({ name }): Explanation => ({ kind: 'fault', name }));
  }

  /** How each text compares with the greedy one; null where a number is not finite. */
  *#readings(
    batches: AskedBatches,
    texts: AnsweredTexts,
    format: EngineDtype,
    fault: ModelFault | null,
  ): Generator<{ readonly reading: GreedyReading | null; readonly where: string }> {
    const several = batches.length > 1 || batches[0]!.length > 1;
    for (const [b, batch] of batches.entries()) {
      for (const [r, asked] of batch.entries()) {
        const model = openModel(this.#fixtures, this.#plan.model, asked.adapter);
        const run = fault === null ? model : withModelFault(fault, model);
        const noise = (tokens: readonly number[]) => this.#noiseAfter(model, asked.adapter, tokens, format);
        const reading = finiteOr((): GreedyReading => readGreedy(run, asked, texts[b]![r]!, noise));
        yield { reading, where: several ? `batch ${b + 1}, request ${r + 1}, ` : '' };
      }
    }
  }

  /** Every fault asks for the noise of the same texts. */
  #noiseAfter(
    model: AdaptedModel,
    adapter: string | null,
    tokens: readonly number[],
    format: EngineDtype,
  ): Float64Array | null {
    const key = `${format} ${adapter} ${tokens.join()}`;
    let noise = this.#noise.get(key);
    if (noise === undefined) {
      noise = finiteOr(() => noiseOf(exactLogits(model, tokens), emulatedLogits(model, tokens, format), format));
      this.#noise.set(key, noise);
    }
    return noise;
  }
}

function finiteOr<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NonFiniteError) return null;
    throw error;
  }
}
