/** Typical acceptance and lenience, by hand. */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { enumerate } from '../../../src/chance/enumerate.ts';
import { sampled } from '../../../src/chance/sampled.ts';
import { chain, type Draft } from '../../../src/draft/draft.ts';
import { OptionError } from '../../../src/errors.ts';
import { float64, rational } from '../../../src/numerics/arithmetic.ts';
import { lenience, lenienceBy } from '../../../src/verify/lenience.ts';
import type { Rule } from '../../../src/verify/rule.ts';
import { typical, typicalWith } from '../../../src/verify/typical.ts';
import { emittedBy, firstTokenLaw } from '../../support/losslessness.ts';
import { ALMOST_ONE, decide } from '../../support/one-round.ts';

const P = [0.5, 0.25, 0.25];

describe('typical', () => {
  const accepts = (rule: Rule, token: number, p: number[]): boolean =>
    decide(rule, chain<number>([token], ['point']), [p, p], [0]).accepted.length === 1;

  it('p(x) > min(epsilon, delta exp(-H))', () => {
    // H(1/2, 1/4, 1/4) = 1.5 ln 2, exp(-H) = 0.35355; delta .3 makes 0.10607, so epsilon .09 is the threshold.
    expect(accepts(typical, 1, P)).toBe(true);
    const strict = typicalWith({ epsilon: 1, delta: 0.71 }); // 0.25102
    expect([accepts(strict, 1, P), accepts(strict, 0, P)]).toEqual([false, true]);
  });

  it('a token of zero probability adds nothing to the entropy', () => {
    // H(1/2, 1/2, 0) = ln 2: the threshold is 0.71 / 2.
    const strict = typicalWith({ epsilon: 1, delta: 0.71 });
    expect([accepts(strict, 1, [0.5, 0.5, 0]), accepts(strict, 2, [0.5, 0.5, 0])]).toEqual([true, false]);
  });

  it('exactly at the threshold a token is not typical', () => {
    const strict = typicalWith({ epsilon: 0.25, delta: 1 });
    expect([accepts(strict, 1, P), accepts(strict, 0, P)]).toEqual([false, true]);
  });

  it('the longest branch of typical tokens, the first on ties', () => {
    const draft: Draft<number> = { tokens: [0, 1, 2, 0], parents: [-1, -1, 1, 1], laws: new Array(4).fill('point') };
    expect(decide(typical, draft, [P, P, P, P, P], [0])).toMatchObject({ accepted: [1, 2], asked: ['target@9'] });
  });

  it('the token after the branch is drawn from the law after its last node, even the first or the root', () => {
    const [first, second, third] = [
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ];
    const verdict = (tokens: number[]) =>
      decide(typical, chain(tokens, new Array(tokens.length).fill('point')), [P, first!, second!, third!], [0]);
    expect(verdict([])).toMatchObject({ accepted: [], token: 0 });
    expect(verdict([1])).toMatchObject({ accepted: [0], token: 2 });
    expect(verdict([1, 0])).toMatchObject({ accepted: [0], token: 2 });
    expect(verdict([1, 2, 1])).toMatchObject({ accepted: [0, 1, 2], token: 0 });
  });

  it('asks for no law after a leaf except the one it draws from', () => {
    const asked: number[] = [];
    const target = (node: number): number[] => {
      asked.push(node);
      return P;
    };
    const draft: Draft<number> = { tokens: [0, 1], parents: [-1, -1], laws: ['point', 'point'] };
    typical.decide({ draft, target, position: 0 }, float64, sampled({ uniform: () => 0 }));
    expect(asked).toEqual([-1, 0]);
  });
});

describe('lenience', () => {
  // p = (1/4, 3/4), q = (3/4, 1/4), l = 1/2: token 0 with 2/3 of 3/4, token 1 always; residual (0, 5/8).
  const p = [0.25, 0.75];
  const q = [0.75, 0.25];

  it('p / (l q), then max(p - l q, 0)', () => {
    const kept = decide(lenience, chain([0], [q]), [p, p], [0.66, 0]);
    expect(kept).toEqual({ accepted: [0], token: 0, asked: ['accept@7', 'target@8'] });
    const corrected = decide(lenience, chain([1, 0], [q, q]), [p, p], [ALMOST_ONE, 0.67, 0]);
    expect(corrected).toEqual({ accepted: [0], token: 1, asked: ['accept@7', 'accept@8', 'residual@8'] });
  });

  it('its exact law', () => {
    const exact = (law: number[]) => law.map((mass) => new Fraction(mass));
    const lawOf = (rule: Rule): string[] => {
      const outcomes = enumerate(rational, (chance) => {
        const token = chance.draw({ purpose: 'draft', position: 0 }, exact(q));
        return emittedBy(rule, chain([token], [exact(q)]), () => exact(p), chance);
      });
      return firstTokenLaw(outcomes, 2).map((mass) => mass.toFraction());
    };
    expect(lawOf(lenience)).toEqual(['1/2', '1/2']);
    expect(lawOf(lenienceBy(1))).toEqual(['1/4', '3/4']);
  });

  it('a plain residual, as in the code of lucidrains, has another law', () => {
    const exact = (law: string[]) => law.map((mass) => new Fraction(mass));
    // l = 1/2: token 0 is accepted with (1/5) / (3/10), the others always; 1/5 is left for the residual.
    const [p, q] = [exact(['1/5', '1/2', '3/10']), exact(['3/5', '1/5', '1/5'])];
    const lawOf = (rule: Rule): string[] => {
      const outcomes = enumerate(rational, (chance) => {
        const token = chance.draw({ purpose: 'draft', position: 0 }, q);
        return emittedBy(rule, chain([token], [q]), () => p, chance);
      });
      return firstTokenLaw(outcomes, 3).map((mass) => mass.toFraction());
    };
    expect(lawOf(lenienceBy(2))).toEqual(['2/5', '1/3', '4/15']); // (0, 2/5, 1/5) is left
    expect(lawOf(lenienceBy(2, 'plain'))).toEqual(['2/5', '7/20', '1/4']); // (0, 3/10, 1/10) is left
    expect(() => lenienceBy(2, 'none' as 'plain')).toThrow(
      new OptionError('lenience residual', 'lenient or plain', 'none'),
    );
  });

  it('refuses an invalid divisor', () => {
    for (const divisor of [0, 1.5, -2, Number.NaN]) {
      const message = new OptionError('lenience divisor', 'an integer of at least 1', `${divisor}`);
      expect(() => lenienceBy(divisor)).toThrow(message);
    }
  });
});
