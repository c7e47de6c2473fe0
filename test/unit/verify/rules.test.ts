/** Rules by name, and what drafts they take. */
import { describe, expect, it } from 'vitest';
import { sampled } from '../../../src/chance/sampled.ts';
import { chain, type Draft } from '../../../src/draft/draft.ts';
import { OptionError, UnsupportedError } from '../../../src/errors.ts';
import { float64 } from '../../../src/numerics/arithmetic.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { checkShape, RULES, ruleNamed, takesInWords, takesSiblings } from '../../../src/verify/rules.ts';
import { sampleAndMatch } from '../../../src/verify/sample-and-match.ts';

describe('rules by name', () => {
  it('two keep the text of plain decoding on the same tape', () => {
    const keeping = [...RULES.values()].filter(({ sameText }) => sameText === true);
    expect(keeping.map(({ name }) => name)).toEqual(['match', 'gumbel']);
  });

  it('every rule says what holds of it', () => {
    expect(RULES.size).toBe(13);
    for (const [name, rule] of RULES) {
      expect(ruleNamed(name)).toBe(rule);
      expect(rule.name).toBe(name);
      expect([rule.guarantee, rule.source].every((text) => text.length > 0)).toBe(true);
      expect(rule.guarantee.startsWith(rule.lossless === 'no' ? 'lossy' : 'lossless')).toBe(rule.lossless !== 'text');
    }
  });

  it('what they claim', () => {
    const claiming = (claim: string) =>
      [...RULES.values()].filter((rule) => rule.lossless === claim).map((r) => r.name);
    const drawn = ['rejection', 'match', 'gumbel', 'block', 'specinfer', 'recursive', 'eagle', 'k-seq'];
    expect(claiming('law')).toEqual([...drawn, 'optimal-transport', 'traversal']);
    expect(claiming('text')).toEqual(['greedy']);
    expect(claiming('no')).toEqual(['typical', 'lenience']);
  });

  it('whether they read the laws of drafts', () => {
    const reads = [...RULES.values()].filter((rule) => {
      let isRead = false;
      const draft = {
        ...chain<number>([0], []),
        get laws() {
          isRead = true;
          return [[0.5, 0.5]];
        },
      };
      const chance = sampled({ uniform: () => 0.25 });
      rule.decide({ draft, target: () => [0.5, 0.5], position: 0 }, float64, chance);
      return isRead;
    });
    expect(reads).toEqual([...RULES.values()].filter(({ readsDraftLaws }) => readsDraftLaws));
    expect(reads.length).toBeGreaterThan(0);
  });

  it('an unknown one is an error that lists the known', () => {
    const known = 'greedy, rejection, match, gumbel, block, specinfer, recursive, eagle, k-seq, optimal-transport';
    const message = `verification rule: expected one of ${known}, traversal, typical, lenience, got luck`;
    expect(() => ruleNamed('luck')).toThrow(new OptionError(...split(message)));
  });
});

/** The three parts of an error's message. */
function split(message: string): [string, string, string] {
  const [, label, expected, got] = /^(.*?): expected (.*), got (.*)$/.exec(message)!;
  return [label!, expected!, got!];
}

describe('drafts that rules take', () => {
  const law = [0.5, 0.5];
  const pair: Draft<number> = { tokens: [1, 1], parents: [-1, -1], laws: [law, law] };
  const computed: Draft<number> = { ...pair, laws: ['point', 'point'] };
  /** What `checkShape` says of it; null when it takes it. */
  const refusal = (name: string, draft: Draft<number>): string | null => {
    try {
      checkShape(ruleNamed(name), draft);
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedError);
      return (error as UnsupportedError).message;
    }
  };
  const takers = (draft: Draft<number>): string[] => [...RULES.keys()].filter((name) => refusal(name, draft) === null);

  it('rules for chains refuse trees', () => {
    expect(refusal('rejection', computed)).toBe('rule rejection: expected a draft without branches, got a tree');
    expect(() => checkShape(rejection, chain([1, 2], ['point', 'point']))).not.toThrow();
    expect(() => checkShape(sampleAndMatch, computed)).not.toThrow();
  });

  it('rules for trees refuse siblings of another kind, and such as do not say what they are', () => {
    const any = ['greedy', 'match', 'gumbel', 'typical'];
    const [independent, without, top] = (['independent', 'without-replacement', 'top'] as const).map((drawn) =>
      takers({ ...pair, drawn }).filter((name) => !any.includes(name)),
    );
    expect(independent).toEqual(['specinfer', 'k-seq', 'optimal-transport', 'traversal']);
    expect(without).toEqual(['recursive', 'traversal']);
    expect(top).toEqual(['specinfer', 'recursive', 'eagle', 'traversal']);
    expect(takers(pair)).toEqual(any);
    expect(takers(computed)).toEqual(takers({ ...pair, drawn: 'top' }));
    expect(takers(chain([1, 1], [law, law])).length).toBe(RULES.size);
  });

  it('the refusal says what it takes and what it got', () => {
    expect(refusal('recursive', { ...pair, drawn: 'independent' })).toBe(
      'rule recursive: expected chains and trees (siblings without-replacement, top), got siblings independent',
    );
    expect(refusal('k-seq', pair)).toBe(
      'rule k-seq: expected chains and trees (siblings independent), got siblings without saying how they were drawn',
    );
  });

  it('in words', () => {
    const words = (name: string) => takesInWords(ruleNamed(name));
    expect([words('block'), words('match')]).toEqual(['chains', 'chains and trees']);
    expect(words('specinfer')).toBe('chains and trees (siblings independent, top)');
  });

  it('siblings of unknown kind: only rules for which it makes no difference', () => {
    expect(takesSiblings(ruleNamed('match'), null)).toBe(true);
    expect(takesSiblings(ruleNamed('specinfer'), null)).toBe(false);
    expect(takesSiblings(ruleNamed('specinfer'), 'top')).toBe(true);
    expect(takesSiblings(ruleNamed('rejection'), 'top')).toBe(false);
    expect(takesSiblings(ruleNamed('rejection'), null)).toBe(false);
  });

  it('greedy serves temperature 0 alone', () => {
    const use = (temperature: number) => () =>
      ruleNamed('greedy').checkUse!({ temperature, possibleTokens: 9, siblings: 1 });
    expect(use(0)).not.toThrow();
    expect(use(0.1)).toThrow('verify greedy: expected temperature 0, got temperature 0.1');
  });

  it('optimal transport serves what it can plan; at temperature 0 a law has one token', () => {
    const use = (temperature: number, possibleTokens: number) => () =>
      ruleNamed('optimal-transport').checkUse!({ temperature, possibleTokens, siblings: 2 });
    expect(use(1, 90)).not.toThrow();
    expect(use(1, 91)).toThrow('got 2 siblings of 91 possible tokens');
    expect(use(0, 91)).not.toThrow();
  });
});
