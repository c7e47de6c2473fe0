import { NonFiniteError, TurboLoraError } from '../../../errors.ts';
import { logSoftmax } from '../../../sampling/log-probability.ts';
import { type AdaptedModel, emulatedLogits, exactLogits } from '../../noise/emulated-logits.ts';
import { dtypeNamed, type EngineDtype } from '../../noise/formats.ts';
import { ALLOWED_NOISE, largestError, noiseOf } from '../../noise/noise.ts';
import type { Ask, ConformCase, Explanation, Outcome } from '../conform-case.ts';
import type { ConfiguredModel } from '../model-faults/configured-model.ts';
import { MODEL_FAULTS, withModelFault } from '../model-faults/model-faults.ts';
import { logitsOutputsShape } from '../operations/logits.ts';
import { answeredRows } from '../operations/read-tensor.ts';
import type { GoldenText } from './goldens.ts';
import { openModel } from './open-models.ts';
import type { Fixtures } from './suite.ts';

/** What an engine answered, and what it is compared by. */
interface Answered {
  readonly rows: readonly Float64Array[];
  readonly noise: Float64Array;
  /** Logits, or log-probabilities if the engine answers with them. */
  of(logits: Float64Array): Float64Array;
}

/** Logits after each token of a text: each as near to the exact one as the engine's number format allows. */
export class LogitsCase implements ConformCase {
  readonly suite = 'logits';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #fixtures: Fixtures;
  readonly #text: GoldenText;
  readonly #known = new Map<Answered['of'], Map<EngineDtype, Float64Array | null>>();
  #answered: Answered | null = null;

  constructor(fixtures: Fixtures, { part, id, flags }: Pick<ConformCase, 'part' | 'id' | 'flags'>, text: GoldenText) {
    [this.part, this.id, this.flags] = [part, id, flags];
    this.#fixtures = fixtures;
    this.#text = text;
  }

  get #model(): ConfiguredModel {
    return openModel(this.#fixtures, this.#text.model, this.#text.adapter);
  }

  async judge(ask: Ask, dtype: string): Promise<Outcome> {
    this.#answered = null;
    const format = dtypeNamed(dtype);
    if (format === null) return { kind: 'undecided', reason: `the noise of ${dtype} is not known: say --dtype` };
    const { model, adapter, tokens } = this.#text;
    const { at, answered } = this.#fixtures;
    const folders = { model: at(model), adapter: adapter === null ? null : at(adapter) };
    const reply = await ask({ op: 'logits', ...folders, tokens }, logitsOutputsShape);
    if (reply.kind !== 'outputs') return reply;
    const exact = this.#text.logits();
    const isLog = 'logProbabilities' in reply.value;
    try {
      const tensor = 'logits' in reply.value ? reply.value.logits : reply.value.logProbabilities;
      const rows = answeredRows(tensor, [tokens.length, exact[0]!.length], answered);
      const of = isLog ? logProbabilities : logits;
      return this.#compared(exact.map(of), rows, format, of);
    } catch (error) {
      if (!(error instanceof TurboLoraError)) throw error;
      return { kind: 'fail', expected: `${error.label}: ${error.expected}`, got: error.got };
    }
  }

  #compared(
    exact: readonly Float64Array[],
    rows: readonly Float64Array[],
    format: EngineDtype,
    of: Answered['of'],
  ): Outcome {
    const noise = this.#noise(exact, format, of);
    if (noise === null) return { kind: 'undecided', reason: `numbers are too large for ${format}` };
    this.#answered = { rows, noise, of };
    const { noise: error, row, column } = largestError(exact, rows, noise);
    if (error <= ALLOWED_NOISE) return { kind: 'pass', noise: error };
    const [got, expected] = [rows[row]![column]!, exact[row]![column]!];
    return {
      kind: 'fail',
      expected: `within ${ALLOWED_NOISE} times the noise of ${format}`,
      got: `${error.toPrecision(3)} times: ${got} instead of ${expected} for token ${column} after ${row + 1} tokens`,
      noise: Number.isFinite(error) ? error : undefined,
    };
  }

  /** Null when a number is too large for the format. A case that is judged again remembers it. */
  #noise(exact: readonly Float64Array[], format: EngineDtype, of: Answered['of']): Float64Array | null {
    const known = this.#known.get(of)?.get(format);
    if (known !== undefined) return known;
    const emulated = finiteOr(() => emulatedLogits(this.#model, this.#text.tokens, format));
    const ways = emulated?.map((way) => way.map(of));
    const noise = ways === undefined ? null : noiseOf(exact, ways, format);
    this.#known.set(of, new Map([...(this.#known.get(of) ?? []), [format, noise]]));
    return noise;
  }

  /** The faults whose logits are what the engine answered, within the noise. */
  explain(): Explanation[] {
    const answered = this.#answered;
    if (answered === null) return [];
    const model = this.#model;
    const { tokens } = this.#text;
    return [...MODEL_FAULTS.values()].flatMap((fault): Explanation[] => {
      const faulty = withModelFault(fault, model);
      // Most show in the first rows.
      const fits = gives(faulty, tokens.slice(0, FIRST_ROWS), answered) && gives(faulty, tokens, answered);
      return fits ? [{ kind: 'fault', name: fault.name }] : [];
    });
  }
}

/** Rows that are compared before all others. */
const FIRST_ROWS = 4;

/** Whether a model has the logits that an engine answered with. */
function gives(model: AdaptedModel, tokens: readonly number[], { rows, noise, of }: Answered): boolean {
  const logits = finiteOr(() => exactLogits(model, tokens));
  return logits !== null && largestError(logits.map(of), rows, noise).noise <= ALLOWED_NOISE;
}

function logits(row: Float64Array): Float64Array {
  return row;
}

function logProbabilities(row: Float64Array): Float64Array {
  const of = logSoftmax(row);
  return row.map((_, token) => of(token));
}

/** Null when a number is not finite. */
function finiteOr<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NonFiniteError) return null;
    throw error;
  }
}
