/** Laws against transformers' own logits processors: every vector of fixtures/goldens/sampling. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSampler } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';

/** How each setting of transformers is called here. */
const OPTIONS = {
  ...{ temperature: 'temperature', top_h: 'topH', top_k: 'topK', top_p: 'topP', min_p: 'minP', typical_p: 'typicalP' },
  ...{ epsilon_cutoff: 'epsilonCutoff', eta_cutoff: 'etaCutoff' },
  ...{ repetition_penalty: 'repetitionPenalty', encoder_repetition_penalty: 'encoderRepetitionPenalty' },
  ...{ frequency_penalty: 'frequencyPenalty', presence_penalty: 'presencePenalty' },
  ...{ no_repeat_ngram_size: 'noRepeatNgramSize', encoder_no_repeat_ngram_size: 'encoderNoRepeatNgramSize' },
  ...{ sequence_bias: 'sequenceBias', bad_words_ids: 'badWords', suppress_tokens: 'bannedTokens' },
  ...{ begin_suppress_tokens: 'beginSuppressTokens', forced_bos_token_id: 'forcedBosTokens' },
  ...{ forced_eos_token_id: 'forcedEosTokens', min_length: 'minLength', min_new_tokens: 'minNewTokens' },
  ...{ max_new_tokens: 'maxNewTokens', exponential_decay_length_penalty: 'exponentialDecayLengthPenalty' },
  remove_invalid_values: 'removeInvalidValues',
} as const satisfies Record<string, keyof SamplingInput>;

interface Vector {
  id: string;
  comment: string;
  flags: string[];
  inputs: {
    logits: string;
    prompt: number[];
    generated: number[];
    eos_token_id: number[];
    settings: Readonly<Record<string, unknown>>;
  };
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
    expect(file.groups.flatMap((group) => group.tests).length).toBeGreaterThanOrEqual(270);
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

function settingsOf({ settings, eos_token_id, prompt }: Vector['inputs'], vocabularySize: number): SamplingInput {
  const { max_length, renormalize_logits, ...others } = settings; // renormalize_logits changes no law
  const given = Object.entries(others).map(([key, value]) => {
    expect(OPTIONS, 'a setting that this runner would leave out').toHaveProperty(key);
    const isForced = key.startsWith('forced_') && !Array.isArray(value);
    return [OPTIONS[key as keyof typeof OPTIONS], isForced ? [value] : value];
  });
  return {
    temperature: 1,
    ...(typeof max_length === 'number' && { maxNewTokens: max_length - prompt.length }),
    ...Object.fromEntries(given),
    eosTokens: eos_token_id.filter((token) => token < vocabularySize), // small vectors keep the ids of large ones
  };
}
