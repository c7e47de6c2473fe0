/** Laws against transformers' own logits processors: every vector of fixtures/goldens/sampling. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';

interface Settings {
  temperature?: number;
  top_k?: number;
  top_p?: number;
  min_p?: number;
  repetition_penalty?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  min_new_tokens?: number;
  min_length?: number;
  bad_words_ids?: number[][];
  suppress_tokens?: number[];
  sequence_bias?: [number[], number][];
}

interface Vector {
  id: string;
  comment: string;
  flags: string[];
  inputs: { logits: string; prompt: number[]; generated: number[]; eos_token_id: number[]; settings: Settings };
  outputs: { law: string; kept: number[] };
}

interface VectorFile {
  compare: { law: { close: { rtol: number } } };
  groups: { source: string; tests: Vector[] }[];
}

const file = JSON.parse(readFileSync('fixtures/goldens/sampling/cases.json', 'utf8')) as VectorFile;
const { rtol } = file.compare.law.close;

describe('laws of transformers', () => {
  it('are there', () => {
    expect(file.groups.flatMap((group) => group.tests).length).toBeGreaterThanOrEqual(50);
  });

  for (const { source, tests } of file.groups) {
    describe(source, () => {
      for (const vector of tests) it(`${vector.id}: ${vector.comment}`, () => check(vector));
    });
  }
});

function check({ inputs, outputs, flags }: Vector): void {
  const logits = numbers(inputs.logits);
  const expected = numbers(outputs.law);
  const sampler = createSampler(checkSettings(settingsOf(inputs, logits.length), logits.length), logits.length);
  const context = { tokens: [...inputs.prompt, ...inputs.generated], promptLength: inputs.prompt.length };
  const actual = sampler.law(logits, context);
  // Where the source leaves open which of several equal tokens stays, the laws are compared as multisets.
  const [left, right] = flags.includes('TieOrder') ? [actual.toSorted(), expected.toSorted()] : [actual, expected];
  expect(actual.filter((mass) => mass > 0).length, 'tokens with mass').toBe(expected.filter((mass) => mass > 0).length);
  if (!flags.includes('TieOrder')) {
    // A kept token may be so unlikely that its mass is zero.
    for (const [i, mass] of actual.entries()) if (mass > 0) expect(outputs.kept).toContain(i);
  }
  left.forEach((mass, i) => {
    if (right[i] === 0) expect(mass, `token ${i}`).toBe(0);
    else expect(Math.abs(mass / right[i]! - 1), `token ${i}: ${mass}, not ${right[i]}`).toBeLessThanOrEqual(rtol);
  });
}

function numbers(hex: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
}

const KEYS = [
  ...['temperature', 'top_k', 'top_p', 'min_p', 'repetition_penalty', 'frequency_penalty', 'presence_penalty'],
  ...['min_new_tokens', 'min_length', 'bad_words_ids', 'suppress_tokens', 'sequence_bias'],
];

function settingsOf({ settings, eos_token_id, prompt }: Vector['inputs'], vocabularySize: number): SamplingInput {
  const { bad_words_ids = [], suppress_tokens = [], sequence_bias = [], min_length = 0, min_new_tokens = 0 } = settings;
  expect(KEYS, 'a setting that this runner would leave out').toEqual(expect.arrayContaining(Object.keys(settings)));
  for (const words of [...bad_words_ids, ...sequence_bias.map(([ids]) => ids)]) expect(words).toHaveLength(1);
  // transformers drops an EOS from the bad words, and counts the prompt in min_length.
  const bad = bad_words_ids.map((words) => words[0]!).filter((token) => !eos_token_id.includes(token));
  return {
    temperature: settings.temperature ?? 1,
    topK: settings.top_k ?? 0,
    topP: settings.top_p ?? 1,
    minP: settings.min_p ?? 0,
    repetitionPenalty: settings.repetition_penalty ?? 1,
    frequencyPenalty: settings.frequency_penalty ?? 0,
    presencePenalty: settings.presence_penalty ?? 0,
    logitBias: new Map(sequence_bias.map(([words, bias]) => [words[0]!, bias])),
    bannedTokens: [...bad, ...suppress_tokens],
    minNewTokens: Math.max(min_new_tokens, min_length - prompt.length),
    eosTokens: eos_token_id.filter((token) => token < vocabularySize), // small vectors keep the ids of large ones
  };
}
