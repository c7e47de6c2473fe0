/**
 * The suite of log-probabilities: one file for raw, one for processed ones.
 * @packageDocumentation
 */
import { type Dice, diceOf } from '../dice.ts';
import { processedLaw } from '../processors/law-inputs.ts';
import { perturbed, TRIALS } from '../processors/law-spread.ts';
import type { VectorSettings } from '../processors/vector-settings.ts';
import { roundedUp } from '../tolerance.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT, type VectorTest } from '../vector-file.ts';
import { emittedLogprobs, type LogprobInputs, type Logprobs, lawInputsAt, rowLogprobs } from './emitted-logprobs.ts';
import { caughtLogprobFaults, LOGPROB_FAULTS } from './logprob-faults.ts';
import {
  LOGPROB_CAP,
  type LogprobCompare,
  type LogprobFile,
  type LogprobVectorInputs,
  type LogprobVectorOutputs,
  writtenLogprobInputs,
  writtenLogprobs,
} from './logprob-vectors.ts';

type LogprobVector = VectorTest<LogprobVectorInputs, LogprobVectorOutputs, LogprobCompare>;

const [VOCABULARY, CASES, SPREADS, LEAST] = [16, 24, 4, 1e-6];
/** Neighbours in the order of the most likely tokens are at least this far apart. */
const APART = 1e-2;

/** What the flags mean, in listing order. */
const FLAGS = {
  AcceptedRun: 'Several tokens were emitted in one round.',
  ChosenNotLikeliest: 'An emitted token is not among the most likely ones that are reported.',
  Greedy: 'Temperature 0: the processed law gives the chosen token everything, its logarithm is 0.',
} as const;

/** The files of the suite by name, each made when it is asked for. */
export function logprobFiles(seed: number): Map<string, () => LogprobFile> {
  const kinds = ['raw', 'processed'] as const;
  return new Map(kinds.map((of, i) => [`logprobs/${of}.json`, () => logprobFile(of, seed * 64 + i)]));
}

function logprobFile(of: LogprobInputs['of'], seed: number): LogprobFile {
  const tests: LogprobVector[] = [];
  for (let i = 0; tests.length < CASES; i++) {
    const test = logprobVector(`logprob-${of}-${tests.length + 1}`, randomInputs(of, diceOf(seed * 4096 + i)));
    if (test !== null) tests.push(test);
  }
  return {
    algorithm: of,
    formatVersion: VECTOR_FORMAT,
    header: [
      'Log-probabilities, in nats, of the tokens that a round emits, and of the most likely ones at each position.',
      of === 'raw'
        ? 'Raw: the log-softmax of the logits, before any processor (what vLLM calls raw_logprobs).'
        : 'Processed: the logarithm of the law that the token is drawn from (what vLLM calls processed_logprobs).',
    ],
    notes: notesOn(new Set(tests.flatMap(({ flags }) => flags)), FLAGS, LOGPROB_FAULTS),
    groups: [
      {
        source: 'random multiples of 2^-16, exact in float32; the most likely tokens are clearly apart',
        class: 'float32',
        vocabulary: VOCABULARY,
        tests,
      },
    ],
  };
}

/** Null where an emitted token is impossible, or the order of the most likely ones is not clear. */
function logprobVector(id: string, inputs: LogprobInputs): LogprobVector | null {
  const rows = inputs.emitted.map((_, i) => rowLogprobs(lawInputsAt(inputs, i), inputs.of));
  if (!rows.every((row) => isClear(row, inputs))) return null;
  const right = emittedLogprobs(inputs);
  if (right.chosen.includes(Number.NEGATIVE_INFINITY)) return null;
  const tolerance = { atol: toleranceOf(inputs, rows), rtol: 0 };
  if (tolerance.atol > LOGPROB_CAP.atol) return null;
  const compare = { chosen: tolerance, top: tolerance };
  return {
    id,
    comment: `${inputs.emitted.length} tokens of one round`,
    flags: [...flagsOf(inputs, right), ...caughtLogprobFaults(inputs, right, compare)],
    spec: ['SPEC-TARGET-ROW', ...(inputs.of === 'processed' ? ['SPEC-TARGET-PROCESSED'] : [])],
    inputs: writtenLogprobInputs(inputs),
    outputs: writtenLogprobs(right),
    compare,
    result: 'valid',
    margin: null,
  };
}

function isClear(row: Float64Array, { top, of, settings }: LogprobInputs): boolean {
  const descending = row
    .toSorted()
    .reverse()
    .slice(0, top + 1);
  if (of === 'processed' && settings.temperature === 0) return true; // everything else is minus infinity, by id
  return descending.every((value, i) => Number.isFinite(value) && (i === 0 || descending[i - 1]! - value > APART));
}

function toleranceOf(inputs: LogprobInputs, rows: readonly Float64Array[]): number {
  let widest = 0;
  for (const [i, row] of rows.entries()) {
    for (let trial = 0; trial < TRIALS; trial++) {
      const other = rowLogprobs(perturbed(lawInputsAt(inputs, i), trial), inputs.of);
      for (const [token, value] of row.entries()) {
        if (Number.isFinite(value)) widest = Math.max(widest, Math.abs(other[token]! - value));
      }
    }
  }
  return roundedUp(SPREADS * widest, LEAST);
}

function flagsOf({ emitted, of, settings }: LogprobInputs, { topTokens }: Logprobs): string[] {
  return [
    ...(emitted.length > 1 ? ['AcceptedRun'] : []),
    ...(emitted.some((token, i) => !topTokens[i]!.includes(token)) ? ['ChosenNotLikeliest'] : []),
    ...(of === 'processed' && settings.temperature === 0 ? ['Greedy'] : []),
  ];
}

/** Emitted tokens are possible ones; the text repeats itself, so that penalties matter. */
function randomInputs(of: LogprobInputs['of'], dice: Dice): LogprobInputs {
  const settings = dice.pick<VectorSettings>([
    {},
    { temperature: 0.5 },
    { temperature: 1.25, presence_penalty: 0.75 },
    { frequency_penalty: 0.5, repetition_penalty: 1.25 },
    { temperature: 0.75, top_k: 8 },
    { temperature: 0 },
  ]);
  const prompt = Array.from({ length: 1 + dice.below(4) }, () => dice.below(6));
  const logits = Array.from({ length: 1 + dice.below(5) }, () =>
    Float64Array.from({ length: VOCABULARY }, () => (dice.below(2 ** 19) - 2 ** 18) / 2 ** 16),
  );
  const emitted: number[] = [];
  for (const row of logits) {
    const law = processedLaw({
      vocabulary: VOCABULARY,
      prompt,
      generated: [],
      drafted: emitted,
      settings,
      logits: row,
    });
    const possible = [...law.keys()].filter((token) => law[token]! > 0);
    const familiar = possible.filter((token) => token < 6);
    emitted.push(dice.pick(familiar.length > 0 && dice.once(2) ? familiar : possible));
  }
  // Under a point mass only one token is the most likely one.
  const top = of === 'processed' && settings.temperature === 0 ? 1 : dice.pick([1, 3, 5]);
  return { vocabulary: VOCABULARY, prompt, emitted, settings, logits, of, top };
}
