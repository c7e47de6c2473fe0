import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from '../../../src/language-model/node.ts';
import { mayRefuse, type Surface } from '../surface.ts';

const source = new URL('../../../fixtures/goldens/lora-regex', import.meta.url).pathname;

const config = JSON.parse(readFileSync(join(source, 'adapter/adapter_config.json'), 'utf8')) as {
  target_modules: string;
};

interface Case {
  readonly pattern: string;
  readonly key: string;
}

const piece = fc.constantFrom(
  ...['a', 'model', 'q_proj', '.', '\\.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '\\', 'd', '\\w'],
  ...['1', ',', '(?', ':', '=', '!', '<', 'P', '.*', '(a+)+', '(.*)*', '{2,}', '{1000}', '\\d', '\\1', '(?i)'],
);

const pieces = (most: number): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength: most }).map((list) => list.join(''));

/** Regular expressions in adapter_config.json: as target modules and as keys of patterns of ranks. */
export const targetPatterns: Surface<Case> = {
  name: 'target patterns',
  cases: fc.record({
    pattern: fc.oneof(
      pieces(24),
      fc.tuple(piece, fc.nat(3000)).map(([one, times]) => one.repeat(times)),
      // Around the pattern that fits the tensors, so that some adapters load.
      fc.tuple(pieces(4), pieces(4)).map(([before, after]) => `(?:${before}|${config.target_modules}|${after})`),
    ),
    key: pieces(12),
  }),
  run({ pattern, key }, folder) {
    const copy = join(folder, 'patterns');
    rmSync(copy, { recursive: true, force: true });
    cpSync(source, copy, { recursive: true });
    const path = join(copy, 'adapter/adapter_config.json');
    writeFileSync(path, JSON.stringify({ ...config, target_modules: pattern, rank_pattern: { [key]: 2 } }));
    return mayRefuse(() => load(join(copy, 'base'), { adapter: join(copy, 'adapter') }));
  },
};
