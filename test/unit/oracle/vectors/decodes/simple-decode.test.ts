import { describe, expect, it } from 'vitest';
import type { DecodeInputs } from '../../../../../src/oracle/vectors/decodes/decode-inputs.ts';
import { decodedText } from '../../../../../src/oracle/vectors/decodes/decoded-text.ts';
import { type Quirks, simpleDecode } from '../../../../../src/oracle/vectors/decodes/simple-decode.ts';

/** After token t comes t + 1 for sure, after 3 comes 0. */
const cycle: DecodeInputs = {
  vocabulary: 4,
  prompt: [0],
  table: [1, 2, 3, 0].map((next) => Float64Array.from({ length: 4 }, (_, token) => (token === next ? 100 : 0))),
  drafts: [[1, 2, 3]],
  settings: { temperature: 0, max_new_tokens: 5 },
  stops: [],
  uniforms: { accept: Array(9).fill(0.5), residual: Array(9).fill(0.5), target: Array(9).fill(0.5) },
};
const tokens = (quirks: Quirks, change: Partial<DecodeInputs> = {}) =>
  simpleDecode({ ...cycle, ...change }, quirks).tokens;
const ends = { settings: { ...cycle.settings, eos_token_id: [2] } };
const stops = { stops: [[1, 2]] };

describe('decodes by hand', () => {
  it('a block, a step without a draft', () => {
    const { margin, ...outputs } = decodedText(cycle);
    expect(outputs).toEqual({
      tokens: [1, 2, 3, 0, 1],
      finish: 'length',
      steps: [
        {
          ...{ drafted: [1, 2, 3], accepted: 3, emitted: [1, 2, 3, 0], cached: 4 },
          uniforms: [
            ['accept', 0],
            ['accept', 1],
            ['accept', 2],
            ['target', 3],
          ],
        },
        { drafted: [], accepted: 0, emitted: [1], cached: 5, uniforms: [['target', 4]] },
      ],
    });
    expect(simpleDecode(cycle)).toEqual(outputs);
    expect(margin).toBe(0.5);
  });

  it('the table of logits is the model, to the last bit', () => {
    const table = cycle.table.map((row) => row.map((logit, i) => logit / 3 + i * 0.1));
    const inputs = { ...cycle, table, settings: { temperature: 0.7, max_new_tokens: 6, top_k: 3 } };
    const { margin, ...outputs } = decodedText(inputs);
    expect(simpleDecode(inputs)).toEqual(outputs);
  });

  it.each<[string, Quirks, Partial<DecodeInputs>, right: number[], wrong: number[]]>([
    ['the end, only at the end of a block', { end: 'block end' }, ends, [1, 2], [1, 2, 3, 0, 1]],
    ['the end, never', { end: 'never' }, ends, [1, 2], [1, 2, 3, 0, 1]],
    ['one more token', { tokenAfterEnd: true }, ends, [1, 2], [1, 2, 3]],
    ['a stop sequence, only at the end of a block', { stop: 'block end' }, stops, [1, 2], [1, 2, 3, 0, 1]],
    ['a stop sequence across blocks', { stop: 'inside' }, { ...stops, drafts: [] }, [1, 2], [1, 2, 3, 0, 1]],
    [
      'a block past the end',
      { overruns: true },
      { settings: { temperature: 0, max_new_tokens: 2 } },
      [1, 2],
      [1, 2, 3, 0],
    ],
    ['a first token unverified', { firstUnverified: true }, { drafts: [[3]] }, [1, 2, 3, 0, 1], [3, 0, 1, 2, 3]],
    ['a rejected token kept', { keepsRejected: true }, { drafts: [[3]] }, [1, 2, 3, 0, 1], [3, 1, 2, 3, 0]],
  ])('%s', (_, quirks, change, right, wrong) => {
    expect(tokens({}, change)).toEqual(right);
    expect(tokens(quirks, change)).toEqual(wrong);
  });
});
