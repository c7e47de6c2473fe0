import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KrichevskyTrofimov, regretBound } from '../../../../src/law/audit/krichevsky-trofimov.ts';

describe('the Krichevsky–Trofimov estimate', () => {
  it('is a law at any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(100)), (letters, sequence) => {
        const estimate = new KrichevskyTrofimov(letters);
        for (const number of sequence) estimate.add(number % letters);
        let total = 0;
        for (let letter = 0; letter < letters; letter++) total += estimate.probability(letter);
        expect(total).toBeCloseTo(1, 12);
      }),
    );
  });

  it('of a run of one letter has the probability of its letters one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.nat(5), { maxLength: 50 }),
        fc.nat(5),
        fc.integer({ min: 1, max: 300 }),
        (letters, before, letter, times) => {
          const [run, single] = [new KrichevskyTrofimov(letters), new KrichevskyTrofimov(letters)];
          for (const number of before) for (const estimate of [run, single]) estimate.add(number % letters);
          let expected = 0;
          for (let i = 0; i < times; i++) {
            expected += Math.log(single.probability(letter % letters));
            single.add(letter % letters);
          }
          // Gamma functions of up to 350 have logarithms of up to 1700, and an error of about one unit in the last
          // place.
          expect(Math.abs(run.logProbability(letter % letters, times) - expected)).toBeLessThan(8 * 1700 * 2 ** -52);
          run.add(letter % letters, times);
          expect([run.total, run.count(letter % letters)]).toEqual([single.total, single.count(letter % letters)]);
        },
      ),
    );
  });

  it('loses at most (S-1)/2 ln n + ln S against the best law in hindsight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 300 }),
        (s, sequence) => {
          const estimate = new KrichevskyTrofimov(s);
          let logEstimate = 0;
          for (const number of sequence) {
            logEstimate += Math.log(estimate.probability(number % s));
            estimate.add(number % s);
          }
          let best = 0;
          for (let letter = 0; letter < s; letter++) {
            const count = estimate.count(letter);
            if (count > 0) best += count * Math.log(count / sequence.length);
          }
          expect(best - logEstimate).toBeLessThanOrEqual(regretBound(s, sequence.length) + 1e-9);
        },
      ),
    );
  });

  it('loses that much: the bound is reached by one letter', () => {
    expect(-Math.log(new KrichevskyTrofimov(5).probability(3))).toBeCloseTo(regretBound(5, 1), 12);
    expect(regretBound(5, 0)).toBe(0);
  });
});
