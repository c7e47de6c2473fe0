/**
 * The law of a whole text: the production loops, samplers, drafters and rules run under the enumerator, and the exact
 * probability of every text that speculative decoding can write equals that of plain decoding, as fractions.
 *
 * Float64 laws become fractions by `lift`: each probability exactly as the float64 it is, divided by their exact sum.
 */
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { decodePlainly } from '../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../src/decode/speculative.ts';
import type { Decoding, Step } from '../../src/decode/step.ts';
import { stopCondition } from '../../src/decode/stop.ts';
import { draftModelDrafter } from '../../src/draft/draft-model.ts';
import type { Drafter } from '../../src/draft/drafter.ts';
import { headsDrafter } from '../../src/draft/heads-drafter.ts';
import { promptLookup } from '../../src/draft/prompt-lookup.ts';
import type { ModelConfig } from '../../src/model/config.ts';
import { Session } from '../../src/model/session.ts';
import { rational } from '../../src/numerics/arithmetic.ts';
import { type Chance, enumerate } from '../../src/numerics/chance.ts';
import { createSampler, type Sampler } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';
import { rejection } from '../../src/verify/rejection.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';
import { randomAdapter, randomHeads, randomModel, smallConfig } from '../support/random-model.ts';

const EOS = 1;
const PROMPT = [2, 0, 2];
const config = (vocabularySize: number): ModelConfig => ({
  ...smallConfig,
  vocabularySize,
  layers: 1,
  windows: [2],
  heads: 2,
  keyValueHeads: 1,
  hiddenSize: 6,
  mlpSize: 4,
});

interface Subject {
  readonly vocabulary: number;
  readonly newTokens: number;
  readonly sampling: SamplingInput;
  readonly adapted?: boolean;
}

/** Exactly the float64, divided by the exact sum of all. */
function lift(law: Float64Array): Fraction[] {
  const exact = Array.from(law, (probability) => (probability === 0 ? rational.zero : new Fraction(probability)));
  const total = exact.reduce((sum, probability) => sum.add(probability));
  return exact.map((probability) => probability.div(total));
}

type Run = (decoding: Decoding<Fraction>) => Iterable<Step>;

/** The probability of every text, by name. */
function textLaw(subject: Subject, run: Run): Map<string, Fraction> {
  const shape = config(subject.vocabulary);
  const model = randomModel(5, shape);
  const adapter = subject.adapted ? randomAdapter(6, model) : null;
  const settings = checkSettings({ ...subject.sampling, eosTokens: [EOS] }, subject.vocabulary);
  const law = new Map<string, Fraction>();
  const program = (chance: Chance<Fraction>): string => {
    const decoding: Decoding<Fraction> = {
      target: new Session(model, adapter),
      sampler: createSampler(settings, subject.vocabulary),
      stop: stopCondition({
        promptLength: PROMPT.length,
        maxNewTokens: subject.newTokens,
        contextLength: 64,
        eosTokens: [EOS],
      }),
      chance,
      arithmetic: rational,
      lift,
    };
    return [...run(decoding)].flatMap((step) => step.emitted).join(' ');
  };
  for (const { probability, outcome } of enumerate(rational, program)) {
    law.set(outcome, (law.get(outcome) ?? rational.zero).add(probability));
  }
  return law;
}

const speculative =
  (rule: Rule, drafter: (target: Session, sampler: Sampler) => Drafter): Run =>
  (decoding) =>
    decodeSpeculatively({ ...decoding, rule, drafter: drafter(decoding.target, decoding.sampler) }, PROMPT);

const heads =
  (kind: 'sample' | 'top1') =>
  (target: Session, sampler: Sampler): Drafter =>
    headsDrafter({ target, heads: randomHeads(7, target.model.config, 3), sampler, choice: { kind, length: 3 } });

const draftModel = (target: Session, sampler: Sampler): Drafter => {
  const session = new Session(randomModel(8, target.model.config), null);
  const { vocabularySize } = target.model.config;
  return draftModelDrafter({ session, vocabularySize, sampler, choice: 'sample', length: 2 });
};

function differences(expected: ReadonlyMap<string, Fraction>, actual: ReadonlyMap<string, Fraction>): string[] {
  const texts = new Set([...expected.keys(), ...actual.keys()]);
  return [...texts].filter((text) => !(expected.get(text) ?? rational.zero).equals(actual.get(text) ?? rational.zero));
}

describe('the law of a whole text is that of plain decoding', () => {
  const plainSampling: SamplingInput = { temperature: 1 };
  const processed: SamplingInput = { temperature: 0.8, topK: 3, frequencyPenalty: 0.7, minNewTokens: 1 };
  const subjects: Record<string, Subject> = {
    'three tokens of four': { vocabulary: 4, newTokens: 3, sampling: plainSampling },
    'four tokens of three': { vocabulary: 3, newTokens: 4, sampling: plainSampling },
    'processors that count tokens, with an adapter': {
      vocabulary: 4,
      newTokens: 3,
      sampling: processed,
      adapted: true,
    },
  };
  const cases: [string, Rule, (target: Session, sampler: Sampler) => Drafter][] = [
    ['rejection with sampled heads', rejection, heads('sample')],
    ['rejection with the top of the heads', rejection, heads('top1')],
    ['match with sampled heads', sampleAndMatch, heads('sample')],
    ['rejection with a sampled draft model', rejection, draftModel],
    ['match with prompt lookup', sampleAndMatch, () => promptLookup({ length: 3 })],
  ];

  for (const [name, subject] of Object.entries(subjects)) {
    const plain = textLaw(subject, (decoding) => decodePlainly(decoding, PROMPT));

    it(`${name}: plain decoding sums to one, and some texts end early`, () => {
      const total = [...plain.values()].reduce((sum, probability) => sum.add(probability));
      expect(total.toFraction()).toBe('1');
      const lengths = new Set([...plain.keys()].map((text) => text.split(' ').length));
      expect(lengths.size).toBeGreaterThan(1);
    });

    for (const [speculation, rule, drafter] of cases) {
      it(`${name}: ${speculation}`, () => {
        const law = textLaw(subject, speculative(rule, drafter));
        expect(law.size).toBe(plain.size);
        expect(differences(plain, law)).toEqual([]);
      });
    }
  }

  it('and the check sees an acceptance too small by one part in 2^60', () => {
    const subject = subjects['three tokens of four']!;
    const plain = textLaw(subject, (decoding) => decodePlainly(decoding, PROMPT));
    const faulty: Rule = {
      ...rejection,
      decide(round, arithmetic, chance) {
        let large = arithmetic.one;
        for (let i = 0; i < 60; i++) large = arithmetic.add(large, large);
        const most = arithmetic.divide(arithmetic.subtract(large, arithmetic.one), large);
        return rejection.decide(round, arithmetic, {
          ...chance,
          accept: (slot, p, q) => chance.accept(slot, arithmetic.multiply(p, most), q),
        });
      },
    };
    const law = textLaw(subject, speculative(faulty, heads('sample')));
    expect(differences(plain, law).length).toBeGreaterThan(0);
  });
});
