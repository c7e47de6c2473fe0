import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError, TurboLoraError, UnsupportedError } from '../../../../src/errors.ts';
import type { JsonObject } from '../../../../src/formats/json.ts';
import { Pipeline } from '../../../../src/formats/tokenizer/pipeline.ts';

interface Expected {
  /** Ids with and without special tokens; null for an error or a panic of Rust. */
  readonly encode: readonly ([number[], number[]] | null)[];
  /** Ids, and their text without and with special tokens. */
  readonly decode: readonly [number[], string | null, string | null][];
}

interface Golden {
  readonly texts: readonly string[];
  /** Expected is null where Rust refuses the file. */
  readonly settings: readonly {
    readonly tokenizer: JsonObject;
    readonly strings: readonly number[];
    readonly expected: Expected | null;
  }[];
}

interface Named {
  readonly settings: readonly {
    readonly name: string;
    readonly tokenizer: JsonObject;
    readonly texts: readonly string[];
    readonly expected: Expected;
  }[];
}

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/goldens/tokenizer-settings/${name}`, import.meta.url), 'utf8'));
const { texts, settings } = golden('cases.json') as Golden;
const named = (golden('named.json') as Named).settings;

function load(tokenizer: JsonObject): Pipeline | TurboLoraError {
  try {
    return new Pipeline('tokenizer', tokenizer);
  } catch (error) {
    if (error instanceof TurboLoraError) return error;
    throw error;
  }
}

// External: the Rust library, tokenizers 0.23.3 (fixtures/generators/tokenizer).
describe('one thing each', () => {
  it.each(named)('$name', ({ tokenizer, texts, expected }) => {
    const pipeline = new Pipeline('tokenizer', tokenizer);
    expect(texts.map((text) => [pipeline.encode(text, true), pipeline.encode(text, false)])).toEqual(expected.encode);
    // Ids of the texts, and random ones.
    for (const [ids, skipping, all] of expected.decode) {
      expect([pipeline.decode(ids, true), pipeline.decode(ids, false)]).toEqual([skipping, all]);
    }
  });
});

describe('random settings', () => {
  const loaded = settings.map((setting, i) => ({ ...setting, i, pipeline: load(setting.tokenizer) }));

  it('what Rust refuses is refused, and of the rest only what is named', () => {
    const refused = loaded.filter(({ pipeline }) => !(pipeline instanceof Pipeline));
    const missed = loaded.filter(({ expected, pipeline }) => expected === null && pipeline instanceof Pipeline);
    expect(missed.map(({ i }) => i)).toEqual([]);
    for (const { pipeline, expected } of refused) {
      expect(pipeline).toSatisfy(
        (e) => e instanceof UnsupportedError || (expected === null && e instanceof FormatError),
      );
    }
    expect(refused.length).toBeLessThan(settings.length / 3);
  });

  it('encodes as Rust does', () => {
    let compared = 0;
    for (const { i, strings, expected, pipeline } of loaded) {
      if (!(pipeline instanceof Pipeline) || expected === null) continue;
      expected.encode.forEach((ids, j) => {
        if (ids === null) return;
        const text = texts[strings[j]!]!;
        expect([pipeline.encode(text, true), pipeline.encode(text, false)], `${i} ${JSON.stringify(text)}`).toEqual(
          ids,
        );
        compared += 1;
      });
    }
    expect(compared).toBeGreaterThan(3000);
  });

  it('decodes as Rust does', () => {
    let compared = 0;
    for (const { i, expected, pipeline } of loaded) {
      if (!(pipeline instanceof Pipeline) || expected === null) continue;
      for (const [ids, skipping, all] of expected.decode) {
        if (skipping !== null) expect(pipeline.decode(ids, true), `${i} ${ids}`).toBe(skipping);
        if (all !== null) expect(pipeline.decode(ids, false), `${i} ${ids}`).toBe(all);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1500);
  });
});
