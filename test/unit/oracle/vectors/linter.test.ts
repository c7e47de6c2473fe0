import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lintVectors } from '../../../../src/oracle/vectors/linter.ts';
import type { PlannedFile } from '../../../../src/oracle/vectors/suites.ts';
import { toleranceShape } from '../../../../src/oracle/vectors/tolerance.ts';
import {
  VECTOR_FORMAT,
  type VectorFile,
  vectorFileShape,
  vectorText,
} from '../../../../src/oracle/vectors/vector-file.ts';

type File = VectorFile<{ a: number }, { b: number }>;
const shape = vectorFileShape(z.strictObject({ a: z.number() }), z.strictObject({ b: z.number() }));
const file = (id: string, change: Partial<File> = {}, test: object = {}): File => ({
  algorithm: 'sum',
  formatVersion: VECTOR_FORMAT,
  header: ['One file.'],
  notes: { Odd: { bugType: 'EdgeCase', description: 'An odd number.', links: [] } },
  groups: [
    {
      source: 'by hand',
      class: 'small',
      vocabulary: 1,
      tests: [
        {
          ...{ id, comment: '', flags: ['Odd'], spec: [], inputs: { a: 1 }, outputs: { b: 2 } },
          ...{ compare: 'exact', result: 'valid', margin: null },
          ...test,
        },
      ],
    },
  ],
  ...change,
});
/** A file whose cases have a tolerance, with a cap of 1e-3. */
const close = {
  ...{ name: 'products', about: 'products', files: () => new Map() },
  shape: vectorFileShape(
    z.strictObject({ a: z.number() }),
    z.strictObject({ b: z.number() }),
    z.strictObject({ b: toleranceShape({ atol: 0, rtol: 1e-3 }) }),
  ),
};
const tolerant = (rtol: number): File => file('one', {}, { compare: { b: { atol: 0, rtol } } });
const suite = { name: 'sums', about: 'sums', shape, files: () => new Map() };
const plan = (path: string, made: File): PlannedFile => ({ suite, path, text: () => vectorText(made) });
const problems = (files: Record<string, File | string>, planned: readonly PlannedFile[]) =>
  [
    ...lintVectors(
      new Map(Object.entries(files).map(([path, made]) => [path, typeof made === 'string' ? made : vectorText(made)])),
      planned,
    ),
  ].map(({ path, problem }) => `${path} ${problem}`);

const one = file('one');
const planned = [plan('a.json', one), plan('b.json', file('two'))];
const good = { 'a.json': one, 'b.json': file('two') };

describe('the linter of vectors', () => {
  it('finds nothing wrong with what is generated', () => {
    expect(problems(good, planned)).toEqual([]);
  });

  it.each<[string, Record<string, File | string>, RegExp[]]>([
    ['a missing file', { 'a.json': one }, [/^b.json is missing$/]],
    ['an extra file', { ...good, 'c.json': one }, [/^c.json is not generated/]],
    ['no JSON', { ...good, 'a.json': '{' }, [/^a.json does not fit its schema: .*JSON/]],
    ['an unknown field', { ...good, 'a.json': file('one', {}, { weight: 1 }) }, [/groups.0.tests.0: .*weight/]],
    ['a wrong kind', { ...good, 'a.json': file('one', {}, { inputs: { a: '1' } }) }, [/inputs.a: /]],
    ['another version', { ...good, 'a.json': file('one', { formatVersion: 2 as 1 }) }, [/formatVersion: /]],
    ['a tolerance', { ...good, 'a.json': file('one', {}, { compare: 'close' }) }, [/compare: /]],
    ['no cases', { ...good, 'a.json': file('one', { groups: [] }) }, [/has no cases/, /note on Odd/, /differs/]],
    ['a note without a case', { ...good, 'a.json': file('one', {}, { flags: [] }) }, [/note on Odd/, /differs/]],
    ['a flag without a note', { ...good, 'a.json': file('one', { notes: {} }) }, [/flag Odd/, /differs/]],
    ['another output', { ...good, 'a.json': file('one', {}, { outputs: { b: 3 } }) }, [/^a.json differs/]],
    ['a repeated id', { ...good, 'b.json': one }, [/^b.json repeats the id one of a.json/, /^b.json differs/]],
  ])('finds %s', (_, files, expected) => {
    const found = problems(files, planned);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });
});

describe('a tolerance', () => {
  const plan = (made: File): PlannedFile => ({ suite: close, path: 'a.json', text: () => vectorText(made) });

  it('may be as large as its cap, and no larger', () => {
    expect(problems({ 'a.json': tolerant(1e-3) }, [plan(tolerant(1e-3))])).toEqual([]);
    const found = problems({ 'a.json': tolerant(1.1e-3) }, [plan(tolerant(1.1e-3))]);
    expect(found).toEqual([expect.stringMatching(/^a.json does not fit its schema: .*compare.b.rtol: .*0\.001/)]);
  });
});

describe('the text of a file', () => {
  it('is JSON with a line per case', () => {
    const text = vectorText(one);
    expect(JSON.parse(text)).toEqual(one);
    expect(text.split('\n').filter((line) => line.includes('"id"'))).toHaveLength(1);
    expect(JSON.parse(vectorText({ ...one, groups: [...one.groups, ...one.groups] })).groups).toHaveLength(2);
  });
});
