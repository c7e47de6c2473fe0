/** Engines that can only generate, judged by their texts: correct ones stay calm, faults between rounds are found. */
import { describe, expect, it } from 'vitest';
import { sampled } from '../../../../src/chance/sampled.ts';
import { ConflictError, LawError, OptionError, TokenError, WorkLimitError } from '../../../../src/errors.ts';
import { STOPPED, TextAudit } from '../../../../src/law/audit/text-audit.ts';
import { block } from '../../../../src/verify/block.ts';
import { lenience } from '../../../../src/verify/lenience.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { freshTape } from '../../../support/sampled-rounds.ts';
import { plainText, randomLaws, type TableEngine, textsOf } from '../../../support/table-texts.ts';

const END = 3;
const engine: TableEngine = {
  ...{ target: randomLaws(1, 4), draft: randomLaws(2, 4), rule: rejection },
  ...{ draftTokens: 2, maxTokens: 6, endToken: END },
};
const judgeOf = ({ target, maxTokens, endToken }: TableEngine): TextAudit =>
  new TextAudit({ law: { after: target }, maxTokens, endTokens: endToken === null ? [] : [endToken] });

function judged(made: TableEngine, texts: number, seed = 5): TextAudit {
  const audit = judgeOf(engine);
  const source = textsOf(made, seed);
  for (let i = 0; i < texts && !audit.hasAlarm; i++) audit.observe(source.next().value as number[]);
  return audit;
}

describe('correct engines', () => {
  it('a thousand, plain and speculative, on problems of their own: no alarm at 1e-6', () => {
    let texts = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const target = randomLaws(3 * seed, 2 + (seed % 5), 0.2);
      const endToken = seed % 3 === 0 ? null : 1;
      const own = { ...engine, target, draft: randomLaws(3 * seed + 1, 2 + (seed % 5)), endToken };
      const audit = judgeOf(own);
      const speculative = textsOf({ ...own, rule: seed % 2 === 0 ? rejection : block }, 3 * seed + 2);
      const tape = freshTape(seed);
      const uniform = (): number => tape.uniform({ purpose: 'draft', position: 0 });
      for (let i = 0; i < 60; i++) {
        audit.observe(plainText(target, own.maxTokens, endToken, uniform));
        audit.observe(speculative.next().value as number[]);
      }
      expect(audit.hasAlarm, `engine ${seed}`).toBe(false);
      texts += audit.texts;
    }
    expect(texts).toBe(120_000);
  });

  it('the evidence has mean 1, over all pairs of texts', () => {
    const texts: [number[], number][] = [];
    const extend = (text: number[], probability: number): void => {
      if (text.length === 3 || text.at(-1) === END) texts.push([text, probability]);
      else for (const [token, p] of engine.target(text).entries()) if (p > 0) extend([...text, token], probability * p);
    };
    extend([], 1);
    let mean = 0;
    for (const [first, p] of texts) {
      for (const [second, q] of texts) {
        const audit = new TextAudit({ law: { after: engine.target }, maxTokens: 3, endTokens: [END] });
        audit.observe(first);
        audit.observe(second);
        mean += p * q * Math.exp(audit.logEValue);
      }
    }
    expect(mean).toBeCloseTo(1, 9);
  });

  it('raise no more alarms at 5 % than one in twenty', () => {
    let alarms = 0;
    for (let seed = 0; seed < 400; seed++) {
      const audit = new TextAudit({ law: { after: engine.target }, maxTokens: 6, endTokens: [END], falseAlarm: 0.05 });
      const texts = textsOf(engine, seed);
      for (let i = 0; i < 100; i++) audit.observe(texts.next().value as number[]);
      alarms += audit.hasAlarm ? 1 : 0;
    }
    expect(alarms).toBeLessThanOrEqual(20);
  });
});

describe('faults that no round shows', () => {
  const faults: Record<string, Partial<TableEngine>> = {
    'a cache that lost the last token of a round': {
      seen: (prefix) => (prefix.length > 1 ? prefix.slice(0, -1) : prefix),
    },
    lenience: { rule: lenience },
  };

  it.each(Object.entries(faults))('%s', (_, fault) => {
    expect(judged({ ...engine, ...fault }, 5000).hasAlarm).toBe(true);
  });

  it('the uniforms of the first round are used again in the later ones', () => {
    const source = freshTape(9);
    const audit = judgeOf(engine);
    for (let i = 0; i < 5000 && !audit.hasAlarm; i++) {
      const first = new Map<string, number>();
      const again: TableEngine = {
        ...engine,
        chanceOf: (prefix) =>
          sampled({
            uniform(slot) {
              const key = `${slot.purpose} ${slot.position - prefix.length}`;
              if (!first.has(key)) first.set(key, source.uniform(slot));
              return first.get(key)!;
            },
          }),
      };
      audit.observe(textsOf(again, 1).next().value as number[]);
    }
    expect(audit.hasAlarm).toBe(true);
    expect(audit.worst().prefix.length).toBeGreaterThan(0);
  });

  it('an end token inside an accepted run does not end the text', () => {
    expect(judged({ ...engine, stopsInside: false }, 200).hasAlarm).toBe(true);
  });
});

describe('what is impossible', () => {
  const law = { after: () => [0.5, 0.5, 0] };
  const audit = (): TextAudit => new TextAudit({ law, maxTokens: 2, endTokens: [1] });

  it.each<[string, number[], number[], number]>([
    ['a token of probability zero', [0, 2], [0], 2],
    ['a token outside the vocabulary', [7], [], 7],
    ['a token after the end', [1, 0], [1], 0],
    ['a token past the greatest length', [0, 0, 0], [0, 0], 0],
    ['a stop before the end', [0], [0], STOPPED],
    ['no text at all', [], [], STOPPED],
  ])('is an alarm at once: %s', (_, text, prefix, token) => {
    const judge = audit();
    judge.observe([0, 1]);
    judge.observe(text);
    expect([judge.firstAlarm, judge.logEValue]).toEqual([2, Number.POSITIVE_INFINITY]);
    const worst = judge.worst();
    expect(worst.prefix).toEqual(prefix);
    expect(worst.tokens.find((one) => one.token === token)).toMatchObject({ expected: 0 });
    expect(worst.tokens.find((one) => one.token === token)!.observed).toBeGreaterThan(0);
  });

  it('and complete texts are not', () => {
    const judge = audit();
    for (const text of [[1], [0, 0], [0, 1]]) judge.observe(text);
    expect([judge.hasAlarm, judge.unjudged]).toEqual([false, 0]);
  });
});

describe('laws that are not known', () => {
  it('end what is judged of a text', () => {
    const after = (prefix: readonly number[]): number[] | null => (prefix.length < 2 ? [0.5, 0.5] : null);
    const judge = new TextAudit({ law: { after }, maxTokens: 9 });
    for (let i = 0; i < 40; i++) judge.observe([i % 2, (i >> 1) % 2, 1, 1, 1, 1, 1, 1, 1]);
    expect([judge.hasAlarm, judge.unjudged]).toEqual([false, 40]);
    expect(judge.findings().every(({ prefix }) => prefix.length < 2)).toBe(true);
    expect(judge.textsNeeded(0.1, [0, 1])).toBe(Number.POSITIVE_INFINITY);
    judge.observe([0, 1]); // it stopped: known to be wrong
    expect(judge.hasAlarm).toBe(true);
  });
});

describe('counts', () => {
  const texts = Array.from(
    { length: 3000 },
    (
      (source) => () =>
        source.next().value as number[]
    )(textsOf(engine, 4)),
  );
  const counts = new Map<string, [number[], number]>();
  for (const text of texts) counts.set(text.join(), [text, (counts.get(text.join())?.[1] ?? 0) + 1]);

  it('give the evidence of the texts one by one, and are judged once', () => {
    const [oneByOne, together] = [judgeOf(engine), judgeOf(engine)];
    for (const text of texts) oneByOne.observe(text);
    for (const [text, times] of counts.values()) together.count(text, times);
    together.look();
    expect(together.logEValue).toBeCloseTo(oneByOne.logEValue, 8);
    expect([together.texts, together.isCounted, together.hasAlarm]).toEqual([3000, true, false]);
    expect(() => together.count([0], 1)).toThrow(ConflictError);
    expect(() => oneByOne.count([0], 1)).toThrow(ConflictError);
    expect(() => together.observe([0])).toThrow(ConflictError);
  });
});

describe('power', () => {
  it('is kept: a distance that is called visible has raised the alarm', () => {
    const broken = { ...engine, target: randomLaws(77, 4) };
    const audit = judgeOf(engine);
    const source = textsOf(broken, 3);
    const isVisible = (): boolean => audit.findings().some((one) => one.totalVariation >= one.smallestVisible);
    for (let i = 0; i < 5000 && !isVisible(); i++) audit.observe(source.next().value as number[]);
    expect(audit.hasAlarm).toBe(true);
  });

  it('is known before the run, and comes true', () => {
    const needed = judgeOf(engine).textsNeeded(0.1);
    const audit = judged(engine, needed);
    const [start] = audit.findings();
    expect([start!.prefix, start!.visits]).toEqual([[], needed]);
    expect(start!.smallestVisible).toBeLessThanOrEqual(0.1);
    expect(start!.smallestVisible).toBeGreaterThan(0.0999);
    const after = judgeOf(engine).textsNeeded(0.1, [0]);
    expect(after).toBeGreaterThan(needed / engine.target([])[0]!);
  });
});

describe('what is refused', () => {
  const law = { after: () => [0.5, 0.5] };
  it('by name', () => {
    for (const maxTokens of [0, 1.5, Number.NaN]) {
      expect(() => new TextAudit({ law, maxTokens })).toThrow(OptionError);
    }
    expect(() => new TextAudit({ law, maxTokens: 1, falseAlarm: 0 })).toThrow(OptionError);
    expect(() => new TextAudit({ law, maxTokens: 1, endTokens: [-1] })).toThrow(TokenError);
    const audit = new TextAudit({ law, maxTokens: 1 });
    expect(() => audit.observe([0.5])).toThrow(new TokenError('text 1, token 0', 'a token id', '0.5'));
    expect(() => audit.count([0], 0)).toThrow(new OptionError('text 1: times', 'an integer of at least 1', '0'));
    expect(() => audit.textsNeeded(0)).toThrow(OptionError);
    expect(() => audit.textsNeeded(1.1)).toThrow(OptionError);
    expect(audit.texts).toBe(0);
  });

  it.each([[[0.5, 0.6]], [[1.5, -0.5]], [[Number.NaN, 1]]])('a law that is not one: %j', (bad) => {
    expect(() => new TextAudit({ law: { after: () => bad }, maxTokens: 1 })).toThrow(LawError);
    const later = new TextAudit({ law: { after: ({ length }) => (length === 0 ? [0.5, 0.5] : bad) }, maxTokens: 2 });
    expect(() => later.observe([1, 0])).toThrow(LawError);
  });

  it('laws that would not fit into memory', () => {
    const after = ({ length }: readonly number[]): ArrayLike<number> => (length === 0 ? [0.5, 0.5] : { length: 6e7 });
    const audit = new TextAudit({ law: { after }, maxTokens: 2 });
    expect(() => audit.observe([1, 0])).toThrow(WorkLimitError);
  });
});
