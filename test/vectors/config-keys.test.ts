/**
 * Keys of config.json against transformers (fixtures/generators/goldens/neutral_keys.py): a key that changes no logit
 * must change nothing here, and one that changes logits must be refused, or change what is read.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { readArchitecture } from '../../src/formats/families/index.ts';

type Config = Record<string, unknown>;
interface Row {
  family: string;
  removed: string[];
  present: Config;
  added: Config;
  /** Largest difference of a logit. */
  difference: { one_pass: number; with_cache: number };
}

const path = new URL('../../fixtures/goldens/config-keys/cases.json', import.meta.url).pathname;
const { configs, tests } = JSON.parse(readFileSync(path, 'utf8')) as { configs: Record<string, Config>; tests: Row[] };
const isNeutral = ({ difference }: Row): boolean => difference.one_pass === 0 && difference.with_cache === 0;
const read = (config: Config) => readArchitecture('config.json', config);

describe('keys of config.json', () => {
  it('of both kinds are there', () => {
    expect(tests.filter(isNeutral).length).toBeGreaterThan(70);
    expect(tests.filter((row) => !isNeutral(row)).length).toBeGreaterThan(5);
  });

  it.each(tests.map((row) => [row.family, JSON.stringify(row.added), row] as const))('%s: %s', (family, _, row) => {
    const before = { ...configs[family], ...row.present };
    for (const name of row.removed) if (!Object.hasOwn(row.present, name)) delete (before as Config)[name];
    const after = { ...before, ...row.added };
    if (isNeutral(row)) {
      expect(read(after)).toEqual(read(before));
      return;
    }
    try {
      expect(read(after)).not.toEqual(read(before));
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
    }
  });
});
