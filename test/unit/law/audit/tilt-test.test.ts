import { describe, expect, it } from 'vitest';
import { TILTS, TiltTest } from '../../../../src/law/audit/tilt-test.ts';

describe('the bets', () => {
  it('are worth, after one letter, the average of e^t / (1 + m (e^t - 1)), by hand', () => {
    const test = new TiltTest(['a', 'b'], 1e-6);
    test.bet('a', 0.25, true);
    const onA = TILTS.map((t) => Math.exp(t) / (1 + 0.25 * (Math.exp(t) - 1)));
    const average = (onA.reduce((x, y) => x + y) + TILTS.length) / (2 * TILTS.length); // on b nothing was bet
    expect(test.logEValue).toBeCloseTo(Math.log(average), 12);
  });

  it('have mean one under the null, whatever the masses were', () => {
    // All sequences of five letters, each set's mass depending on what came before.
    const masses = (before: readonly boolean[]): number =>
      [0.1, 0.5, 0.9, 0.3][(before.filter(Boolean).length * 3 + before.length) % 4]!;
    let mean = 0;
    for (let bits = 0; bits < 32; bits++) {
      const test = new TiltTest(['a'], 1e-6);
      let probability = 1;
      const before: boolean[] = [];
      for (let i = 0; i < 5; i++) {
        const [mass, fellIn] = [masses(before), (bits & (1 << i)) > 0];
        probability *= fellIn ? mass : 1 - mass;
        test.bet('a', mass, fellIn);
        before.push(fellIn);
      }
      mean += probability * Math.exp(test.logEValue);
    }
    expect(mean).toBeCloseTo(1, 12);
  });

  it('are not placed on sets that hold all or nothing', () => {
    const test = new TiltTest(['a'], 1e-6);
    test.bet('a', 0, true);
    test.bet('a', 1, false);
    expect(test.records()[0]).toMatchObject({ trials: 0, expected: 0, observed: 0, smallestVisibleOdds: Infinity });
    expect(test.logEValue).toBeCloseTo(0, 12);
  });

  it('say what would have been seen: the information of a tilt, n kl(tilted m || m), by hand', () => {
    const test = new TiltTest(['a'], 1e-6);
    const tilted = (t: number) => (0.5 * Math.exp(t)) / (1 + 0.5 * (Math.exp(t) - 1));
    const kl = (g: number) => g * Math.log(g / 0.5) + (1 - g) * Math.log((1 - g) / 0.5);
    const needed = (t: number) => (Math.log(1e6) + Math.log(TILTS.length)) / kl(tilted(t));
    for (let i = 0; i < Math.ceil(needed(0.4)); i++) test.bet('a', 0.5, i % 2 === 0);
    expect(test.records()[0]!.smallestVisibleOdds).toBeCloseTo(Math.exp(0.4), 12);
  });

  it('raise the alarm at the end of the round in which the wealth reaches 1/alpha', () => {
    const test = new TiltTest(['a'], 1e-3);
    while (test.firstAlarm === null) {
      test.bet('a', 0.1, true);
      const before = test.logEValue;
      test.endRound();
      expect(test.firstAlarm !== null).toBe(before >= Math.log(1e3));
    }
    expect(test.firstAlarm).toBe(test.rounds);
  });
});
