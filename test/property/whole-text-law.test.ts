/**
 * The law of a whole text: the production loops, samplers, drafters and rules run under the enumerator, and the exact
 * probability of every text that speculative decoding can write equals that of plain decoding, as fractions.
 *
 * Float64 laws become fractions exactly: each probability as the float64 that it is, divided by their exact sum.
 */

import type Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { decodePlainly } from '../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../src/decode/speculative.ts';
import type { Decoding, Step } from '../../src/decode/step.ts';
import { stopCondition } from '../../src/decode/stop.ts';
import type { Drawn } from '../../src/draft/draft.ts';
import { draftModelDrafter } from '../../src/draft/draft-model.ts';
import type { Drafter } from '../../src/draft/drafter.ts';
import { headsDrafter } from '../../src/draft/heads-drafter.ts';
import { promptLookup } from '../../src/draft/prompt-lookup.ts';
import { differingTexts, textLaw } from '../../src/law/whole-text.ts';
import { Session } from '../../src/model/session.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { createSampler, type Sampler } from '../../src/sampling/sampler.ts';
import { checkSettings, type SamplingInput } from '../../src/sampling/settings.ts';
import { block } from '../../src/verify/block.ts';
import { eagle } from '../../src/verify/eagle.ts';
import { gumbel } from '../../src/verify/gumbel.ts';
import { kSeq } from '../../src/verify/k-seq.ts';
import { optimalTransport } from '../../src/verify/optimal-transport.ts';
import { recursive } from '../../src/verify/recursive.ts';
import { rejection } from '../../src/verify/rejection.ts';
import type { Rule } from '../../src/verify/rule.ts';
import { sampleAndMatch } from '../../src/verify/sample-and-match.ts';
import { specinfer } from '../../src/verify/specinfer.ts';
import { traversal } from '../../src/verify/traversal.ts';
import {
  randomAdapter,
  randomHeads,
  randomModel,
  randomWeights,
  type SmallShape,
  smallConfig,
} from '../support/random-model.ts';

const EOS = 1;
const PROMPT = [2, 0, 2];
const config = (vocabularySize: number): SmallShape => ({
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

type Run = (decoding: Decoding<Fraction>) => Iterable<Step>;

/** The probability of every text, by its tokens. */
function lawOf(subject: Subject, run: Run): Map<string, Fraction> {
  const model = randomModel(5, config(subject.vocabulary));
  const adapter = subject.adapted ? randomAdapter(6, model) : null;
  const settings = checkSettings({ ...subject.sampling, eosTokens: [EOS] }, subject.vocabulary);
  const fresh = () => ({
    target: new Session(float64Backend, model, adapter),
    sampler: createSampler(settings, subject.vocabulary),
    stop: stopCondition({
      promptLength: PROMPT.length,
      maxNewTokens: subject.newTokens,
      contextLength: 64,
      eosTokens: [EOS],
    }),
  });
  return textLaw(fresh, run);
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
  const session = new Session(float64Backend, randomWeights(8, target.model), null);
  const { vocabularySize } = target.model.config;
  return draftModelDrafter({ session, vocabularySize, sampler, choice: { kind: 'sample', length: 2 } });
};

describe('the law of a whole text is that of plain decoding', () => {
  const plainSampling: SamplingInput = { temperature: 1 };
  const processed: SamplingInput = { temperature: 0.8, topK: 3, topP: 0.9, frequencyPenalty: 0.7, minNewTokens: 1 };
  const subjects: Record<string, Subject> = {
    'three tokens of four': { vocabulary: 4, newTokens: 3, sampling: plainSampling },
    'four tokens of three': { vocabulary: 3, newTokens: 4, sampling: plainSampling },
    'processors that count tokens, with an adapter': {
      vocabulary: 4,
      newTokens: 3,
      sampling: processed,
      adapted: true,
    },
    'processors that look at sequences, lengths and entropy': {
      vocabulary: 4,
      newTokens: 3,
      sampling: {
        ...{ temperature: 0.9, typicalP: 0.95, etaCutoff: 0.05, noRepeatNgramSize: 2, badWords: [[1, 3]] },
        ...{ sequenceBias: [[[2, 0], 1.5]], beginSuppressTokens: [2], exponentialDecayLengthPenalty: [1, 1.5] },
      },
    },
  };
  const cases: [string, Rule, (target: Session, sampler: Sampler) => Drafter][] = [
    ['rejection with sampled heads', rejection, heads('sample')],
    ['rejection with the top of the heads', rejection, heads('top1')],
    ['block with sampled heads', block, heads('sample')],
    ['match with sampled heads', sampleAndMatch, heads('sample')],
    ['rejection with a sampled draft model', rejection, draftModel],
    ['gumbel with heads that race for the tokens', gumbel, heads('sample')],
    ['match with prompt lookup', sampleAndMatch, () => promptLookup({ length: 3 })],
  ];

  const tree =
    (drawn: Drawn) =>
    (target: Session, sampler: Sampler): Drafter => {
      const choice = { kind: 'full tree', children: [2], drawn } as const;
      return headsDrafter({ target, heads: randomHeads(7, target.model.config, 3), sampler, choice });
    };
  const modelTree =
    (drawn: Drawn) =>
    (target: Session, sampler: Sampler): Drafter => {
      const { vocabularySize } = target.model.config;
      const session = new Session(float64Backend, randomWeights(8, target.model), null);
      const choice = { kind: 'full tree', children: [2, 1], drawn } as const;
      return draftModelDrafter({ session, vocabularySize, sampler, choice });
    };
  /** Two possible tokens at a time: a tree has many branches. */
  const small: Subject = { vocabulary: 4, newTokens: 4, sampling: { temperature: 1, topK: 2 } };
  const smallCases: [string, Rule, (target: Session, sampler: Sampler) => Drafter][] = [
    ['block with a sampled draft model', block, draftModel],
    ['specinfer with independent siblings of a head', specinfer, tree('independent')],
    ['specinfer with an independent tree of a draft model', specinfer, modelTree('independent')],
    ['recursive with siblings of a head', recursive, tree('without-replacement')],
    ['recursive with a tree of a draft model', recursive, modelTree('without-replacement')],
    ['k-seq with independent siblings of a head', kSeq, tree('independent')],
    ['optimal-transport with independent siblings of a head', optimalTransport, tree('independent')],
    ['traversal with a tree of a draft model', traversal, modelTree('without-replacement')],
    ['eagle with a tree of a draft model', eagle, modelTree('top')],
    ['gumbel with computed drafts', gumbel, heads('top1')],
    ['gumbel with a draft model that races for the tokens', gumbel, draftModel],
  ];
  for (const [speculation, rule, drafter] of smallCases) {
    it(`four tokens, two of four at a time: ${speculation}`, () => {
      const plain = lawOf(small, (decoding) => decodePlainly(decoding, PROMPT));
      expect(differingTexts(plain, lawOf(small, speculative(rule, drafter)))).toEqual([]);
    });
  }

  for (const [name, subject] of Object.entries(subjects)) {
    const plain = lawOf(subject, (decoding) => decodePlainly(decoding, PROMPT));

    it(`${name}: plain decoding sums to one, and some texts end early`, () => {
      const total = [...plain.values()].reduce((sum, probability) => sum.add(probability));
      expect(total.toFraction()).toBe('1');
      const lengths = new Set([...plain.keys()].map((text) => text.split(' ').length));
      expect(lengths.size).toBeGreaterThan(1);
    });

    for (const [speculation, rule, drafter] of cases) {
      it(`${name}: ${speculation}`, () => {
        const law = lawOf(subject, speculative(rule, drafter));
        expect(law.size).toBe(plain.size);
        expect(differingTexts(plain, law)).toEqual([]);
      });
    }
  }

  it('and the check sees an acceptance too small by one part in 2^60', () => {
    const subject = subjects['three tokens of four']!;
    const plain = lawOf(subject, (decoding) => decodePlainly(decoding, PROMPT));
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
    const law = lawOf(subject, speculative(faulty, heads('sample')));
    expect(differingTexts(plain, law).length).toBeGreaterThan(0);
  });
});
