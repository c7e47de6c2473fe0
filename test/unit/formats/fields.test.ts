import { describe, expect, it } from 'vitest';
import { FormatError, UnsupportedError } from '../../../src/errors.ts';
import { Fields } from '../../../src/formats/fields.ts';

const fields = (object: Record<string, unknown>) => new Fields('f.json', object);

describe('Fields', () => {
  it('reads values, and fallbacks for absent and null ones', () => {
    const f = fields({ i: 3, n: 0.5, b: true, s: 'x', none: null });
    expect([f.integer('i'), f.number('n'), f.boolean('b'), f.string('s')]).toEqual([3, 0.5, true, 'x']);
    expect([f.integer('none', 7), f.number('absent', 8)]).toEqual([7, 8]);
    expect(f.section('none')).toBe(null);
    expect(f.raw('toString')).toBeUndefined();
  });

  it.each([
    [() => fields({ i: 1.5 }).integer('i'), /f\.json: i: expected an integer, got 1\.5/],
    [() => fields({ i: '3' }).integer('i'), /expected an integer, got "3"/],
    [() => fields({ i: 2 ** 53 }).integer('i'), /expected an integer/],
    [() => fields({ i: 0 }).integer('i', undefined, { least: 1, most: 5 }), /of at least 1 and of at most 5, got 0/],
    [() => fields({ n: 0 }).number('n', undefined, { above: 0 }), /a number above 0, got 0/],
    [() => fields({}).number('n'), /f\.json: n: expected a number, got nothing/],
    [() => fields({ n: null }).number('n'), /got null/],
    [() => fields({ b: 1 }).boolean('b'), /true or false, got 1/],
    [() => fields({ s: [] }).string('s'), /a string, got a list of 0/],
    [() => fields({ s: [] }).section('s'), /f\.json: s: expected an object/],
    [() => fields({}).number('constructor'), /got nothing/],
  ])('refuses wrong ones: %#', (read, message) => {
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });

  it('refuses by name what nobody asked for', () => {
    const f = fields({ known: 1, harmless: 2, novel: { a: 1 } });
    f.integer('known');
    f.ignore(['harmless']);
    expect(() => f.refuseUnknown()).toThrow(UnsupportedError);
    expect(() => f.refuseUnknown()).toThrow('f.json: novel: expected a known key, got an unknown one (an object)');
    f.ignore(['novel']);
    f.refuseUnknown();
  });

  it('only: absent, null and the implemented values pass', () => {
    for (const object of [{}, { k: null }, { k: false }, { k: [] }]) fields(object).only('k', false, []);
    const wrong = () => new Fields('f.json', { k: true }, 'PEFT option ').only('k', false);
    expect(wrong).toThrow(UnsupportedError);
    expect(wrong).toThrow('f.json: PEFT option k: expected false (nothing else is implemented), got true');
    expect(() => fields({ k: 1 }).only('k')).toThrow(/expected null/);
  });
});
