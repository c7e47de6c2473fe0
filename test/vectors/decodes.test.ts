/** The committed decodes: by the production loop, and by a second loop that shares only the sampler with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caughtDecodeFaults, DECODE_FAULTS } from '../../src/oracle/vectors/decodes/decode-faults.ts';
import { decodeFileShape, readDecodeInputs } from '../../src/oracle/vectors/decodes/decode-vectors.ts';
import { decodedText } from '../../src/oracle/vectors/decodes/decoded-text.ts';
import { simpleDecode } from '../../src/oracle/vectors/decodes/simple-decode.ts';

const FOLDER = 'fixtures/vectors/decodes';
const files = readdirSync(FOLDER).map((name) =>
  decodeFileShape.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))),
);
type File = (typeof files)[number];
const casesOf = (file: File) =>
  file.groups.flatMap(({ vocabulary, tests }) =>
    tests.map((test) => ({ test, inputs: readDecodeInputs(test.id, vocabulary, test.inputs) })),
  );

describe.each(files)('decodes, $algorithm', (file) => {
  it('are what both loops give, and are caught by the faults that they name', () => {
    expect(casesOf(file).length).toBeGreaterThan(7);
    for (const { test, inputs } of casesOf(file)) {
      const { margin, ...outputs } = decodedText(inputs);
      expect([test.id, outputs]).toEqual([test.id, test.outputs]);
      expect([test.id, simpleDecode(inputs)]).toEqual([test.id, test.outputs]);
      expect(margin).toBe(test.margin ?? Number.POSITIVE_INFINITY);
      const flagged = test.flags.filter((flag) => DECODE_FAULTS.some(({ name }) => name === flag));
      expect([test.id, ...flagged]).toEqual([test.id, ...caughtDecodeFaults(inputs, outputs)]);
    }
  });

  it('keep everything but the last token in the cache, and read each uniform once', () => {
    for (const { test, inputs } of casesOf(file)) {
      let length = inputs.prompt.length;
      for (const { emitted, cached } of test.outputs.steps) {
        length += emitted.length;
        expect([test.id, cached]).toEqual([test.id, length - 1]);
      }
      const read = test.outputs.steps.flatMap(({ uniforms }) => uniforms.map((uniform) => uniform.join()));
      expect(new Set(read).size).toBe(read.length);
    }
  });
});

it.each(DECODE_FAULTS.map(({ name }) => name))('%s is caught by several cases', (name) => {
  expect(files.flatMap(casesOf).filter(({ test }) => test.flags.includes(name)).length).toBeGreaterThanOrEqual(3);
});
