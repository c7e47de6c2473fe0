/** `spec/` says what the code does: its schemas are those that the code reads with, and its ids are known. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemas } from '../../fixtures/generators/schemas.ts';
import { FAULTS } from '../../src/law/faults/faults.ts';
import { problemShape } from '../../src/law/problem-input.ts';
import { root, sourceFiles, textOf } from './sources.ts';

const spec = (name: string): string => readFileSync(join(root, 'spec', name), 'utf8');

describe('schemas', () => {
  it.each([...schemas()])('%s is what `npm run schemas` writes', (name, expected) => {
    expect(spec(name)).toBe(expected);
  });

  it.each([...schemas().keys()])('%s allows no unknown keys, at any depth', (name) => {
    const objects: unknown[] = [];
    JSON.parse(spec(name), (_, value) => {
      if (value?.type === 'object' && value.properties !== undefined) objects.push(value.additionalProperties);
      return value;
    });
    expect(objects.length).toBeGreaterThan(0);
    expect(new Set(objects)).toEqual(new Set([false]));
  });

  it('the problems of the faults fit', () => {
    for (const { reveals } of FAULTS.values()) expect(problemShape.safeParse(reveals).success).toBe(true);
  });
});

describe('rule ids', () => {
  const ids = [...spec('rules.md').matchAll(/\*\*(SPEC-[A-Z-]+)\*\*/g)].map((match) => match[1]!);

  it('each is written once', () => {
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('those that code cites exist, and some are cited', () => {
    const cited = sourceFiles().flatMap((file) => textOf(file).match(/SPEC-[A-Z]+(-[A-Z]+)*/g) ?? []);
    expect(cited.length).toBeGreaterThan(0);
    expect(cited.filter((id) => !ids.includes(id))).toEqual([]);
  });
});
