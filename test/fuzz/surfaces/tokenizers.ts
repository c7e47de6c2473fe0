import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadTokenizer } from '../../../src/formats/node/by-path.ts';
import { byteFaults, change, damaged, mutated } from '../../support/damage.ts';
import { hold, mayRefuse, type Surface } from '../surface.ts';

const fixture = (name: string): string => new URL(`../../../fixtures/${name}/tokenizer.json`, import.meta.url).pathname;

interface Case {
  /** `tokenizer.json`, base64. */
  readonly content: string;
  readonly texts: readonly string[];
}

const pattern = fc.constantFrom(
  ...['(a+)+$', '(\\w+\\s?)+$', '(a|a)*b', '\\s+(?!\\S)|\\s+', '.*.*.*x', '(?i:a)', '[^\\s]', '\\p{L}+', '(', '{9999}'],
);
/** Steps that carry untrusted patterns, or make texts grow. */
const step = fc.oneof(
  pattern.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false })),
  fc.tuple(pattern, fc.constantFrom('', 'aa', '$&$&')).map(([Regex, content]) => ({
    ...{ type: 'Replace', pattern: { Regex }, content },
  })),
  fc
    .constantFrom('a', 'aa')
    .map((content) => ({ type: 'Replace', pattern: { String: 'a' }, content: content.repeat(8) })),
);
const steps = fc.record({
  normalizer: fc.option(fc.array(step, { maxLength: 12 }).map((normalizers) => ({ type: 'Sequence', normalizers }))),
  pre_tokenizer: fc.option(
    fc.array(step, { maxLength: 3 }).map((pretokenizers) => ({ type: 'Sequence', pretokenizers })),
  ),
});

const files = [
  'goldens/tokenizer/byte-level',
  'goldens/tokenizer/metaspace',
  'goldens/tokenizer/prepend',
  'embedded/base',
];
const content = fc.oneof(
  ...files.map((name) => {
    const original = readFileSync(fixture(name));
    const json = JSON.parse(original.toString()) as Record<string, unknown>;
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
    return fc.oneof(
      {
        weight: 3,
        arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }).map((all) => encode(all.reduce(mutated, json))),
      },
      { weight: 2, arbitrary: steps.map((own) => encode({ ...json, ...own })) },
      { weight: 1, arbitrary: byteFaults.map((faults) => damaged(original, faults).toString('base64')) },
    );
  }),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    'Héllo  wörld 12',
    '½ cup ÷ 2',
    '\u0085\ufeff\u2028',
    '👩‍👩‍👧',
    '\ud800',
    'ΑΣ ΣΑΣ',
    'a'.repeat(3000),
    'word '.repeat(400),
  ),
);

/** `tokenizer.json` damaged, or with untrusted steps, and texts to encode and decode. */
export const tokenizers: Surface<Case> = {
  name: 'tokenizers',
  cases: fc.record({ content, texts: fc.array(text, { minLength: 1, maxLength: 3 }) }),
  run(input, folder) {
    writeFileSync(join(folder, 'tokenizer.json'), Buffer.from(input.content, 'base64'));
    return mayRefuse(async () => {
      const tokenizer = loadTokenizer(folder)!;
      for (const one of input.texts) {
        await mayRefuse(() => {
          const ids = tokenizer.encode(one);
          hold(
            ids.every((id) => Number.isSafeInteger(id) && id >= 0),
            `invalid ids: ${ids}`,
          );
          hold(typeof tokenizer.decode(ids) === 'string', 'decoded to something else than a text');
        });
      }
    });
  },
};
