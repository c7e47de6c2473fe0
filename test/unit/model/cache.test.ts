import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../src/errors.ts';
import { Session } from '../../../src/model/session.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { cacheBits, freshCacheBits } from '../../support/cache-bits.ts';
import { randomModel } from '../../support/random-model.ts';

function filled(): Session {
  const session = new Session(float64Backend, randomModel(1), null);
  session.read([1, 2, 3, 4]);
  return session;
}

describe('KeyValueCache', () => {
  it('starts empty and grows by one slot per token', () => {
    const session = new Session(float64Backend, randomModel(1), null);
    expect(session.cache.length).toBe(0);
    session.read([1, 2]);
    expect(session.cache.length).toBe(2);
  });

  it('keep(n) leaves the cache of the first n tokens, bit for bit', () => {
    for (let length = 0; length <= 4; length++) {
      const session = filled();
      session.cache.keep(length);
      expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [1, 2, 3, 4].slice(0, length)));
    }
  });

  it('keep(n, slots) moves an accepted branch to the end of the prefix', () => {
    const session = new Session(float64Backend, randomModel(1), null);
    session.read([1, 2]);
    session.read([3, 4, 5, 6], { parents: [-1, -1, 0, 1] }); // 3-5 and 4-6
    session.cache.keep(2, [3, 5]);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [1, 2, 4, 6]));
  });

  it.each([
    ['longer than the cache', 5, []],
    ['negative', -1, []],
    ['fractional', 1.5, []],
    ['not a number', Number.NaN, []],
    ['a slot in the kept part', 2, [1]],
    ['slots out of order', 1, [3, 2]],
    ['a slot twice', 1, [2, 2]],
    ['a slot that is not stored', 1, [2, 4]],
  ])('keep refuses: %s; and changes nothing', (_, length, slots) => {
    const session = filled();
    expect(() => session.cache.keep(length, slots)).toThrow(ShapeError);
    expect(cacheBits(session)).toStrictEqual(freshCacheBits(session, [1, 2, 3, 4]));
  });
});
