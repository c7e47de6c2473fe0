import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { OptionError } from '../errors.ts';
import { PURPOSES, type Purpose } from './slot.ts';
import type { Tape } from './tape.ts';

/** 53 random bits as a number in [0, 1): (high 26 bits * 2^27 + low 27 bits) / 2^53. */
function nextUniform(generator: JumpableRandomGenerator): number {
  const high = generator.next() >>> 6;
  const low = generator.next() >>> 5;
  return (high * 134217728 + low) / 9007199254740992;
}

/**
 * A tape from a seed: one stream per purpose, 2^64 draws apart, and one for the clocks of races.
 *
 * The `target` stream is keyed by position: the uniform of a position does not depend on what else was drawn. So
 * sample-and-match yields exactly the text of plain decoding. The other streams give a fresh uniform per draw, because
 * a position may be drafted again after a rejection and must not reuse its old coin.
 *
 * The clocks of a race are keyed by purpose, position and token, whoever asks for them and in whatever order: a drafter
 * and the target that race at one position race the same clocks.
 * @throws {@link OptionError} when the seed is not a 32-bit unsigned integer.
 * @example
 * import assert from 'node:assert/strict';
 * import { seededTape } from 'turbo-lora/chance';
 * const slot = { purpose: 'target', position: 7 } as const;
 * assert.equal(seededTape(1).uniform(slot), seededTape(1).uniform(slot));
 */
export function seededTape(seed: number): Tape {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new OptionError('seed', 'an integer in [0, 4294967295]', `${seed}`);
  }
  const streams = new Map<Purpose, JumpableRandomGenerator>();
  const base = xoroshiro128plus(seed | 0);
  for (const purpose of PURPOSES) {
    base.jump(); // also spreads a seed with few set bits over the whole state
    streams.set(purpose, base.clone() as JumpableRandomGenerator);
  }
  base.jump();
  const clocks = clocksFrom(base);
  const byPosition: number[] = [];
  return {
    uniform({ purpose, position, token }) {
      if (token !== undefined) return clocks(purpose, position, token);
      const stream = streams.get(purpose)!;
      if (purpose !== 'target') return nextUniform(stream);
      while (byPosition.length <= position) byPosition.push(nextUniform(stream));
      return byPosition[position]!;
    },
  };
}

/** Uniforms by purpose, position and token. Each position of a purpose has its own stream, seeded from `seeds`. */
function clocksFrom(seeds: JumpableRandomGenerator): (purpose: Purpose, position: number, token: number) => number {
  const streams: { readonly next: JumpableRandomGenerator; readonly drawn: number[] }[] = [];
  return (purpose, position, token) => {
    const index = position * PURPOSES.length + PURPOSES.indexOf(purpose);
    while (streams.length <= index) {
      const state = [seeds.next(), seeds.next(), seeds.next(), seeds.next()];
      streams.push({ next: xoroshiro128plusFromState(state), drawn: [] });
    }
    const { next, drawn } = streams[index]!;
    while (drawn.length <= token) drawn.push(nextUniform(next));
    return drawn[token]!;
  };
}
