import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../../src/errors.ts';
import { shardFrom, shardOf } from '../../../../src/oracle/conformance/shard.ts';

describe('shards', () => {
  it('are read from I/N', () => {
    expect(shardFrom('2/13')).toEqual({ index: 2, count: 13 });
  });

  it.each(['0/2', '3/2', '1', '1/0', '-1/2', '1/2/3', ' 1/2', '1/1e3', ''])('not from %j', (text) => {
    expect(() => shardFrom(text)).toThrow(OptionError);
  });

  it('take every N-th', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((number) => shardOf(number, 3))).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });
});
