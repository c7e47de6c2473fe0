import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../../src/errors.ts';
import { tabledTape } from '../../../../src/oracle/vectors/uniform-table.ts';

const table = { accept: [[0.1, 0.2], [0.3]], residual: [[0.4]], target: [[0.5]], race: [[0.6, 0.7]] };

describe('a tape from a table', () => {
  it('answers question after question of a purpose at a position', () => {
    const tape = tabledTape(table);
    const ask = (purpose: 'accept' | 'residual' | 'target', position: number) => tape.uniform({ purpose, position });
    expect([ask('accept', 0), ask('residual', 0), ask('accept', 1), ask('accept', 0)]).toEqual([0.1, 0.4, 0.3, 0.2]);
    expect(ask('target', 0)).toBe(0.5);
  });

  it('answers a clock by its token, as often as it is asked', () => {
    const tape = tabledTape(table);
    const clock = () => tape.uniform({ purpose: 'target', position: 0, token: 1 });
    expect([clock(), clock()]).toEqual([0.7, 0.7]);
  });

  it.each([
    { purpose: 'accept', position: 2 },
    { purpose: 'residual', position: 1 },
    { purpose: 'target', position: 0, token: 2 },
    { purpose: 'draft', position: 0 },
  ] as const)('refuses what it does not hold: %o', (slot) => {
    expect(() => tabledTape(table).uniform(slot)).toThrow(FormatError);
  });
});
