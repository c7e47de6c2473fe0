import type { SequenceLaw } from '../../../law/audit/sequence-law.ts';
import { TextAudit } from '../../../law/audit/text-audit.ts';
import { oncePerPrefix } from '../../../law/prefix.ts';
import { createSampler } from '../../../sampling/sampler.ts';
import { checkSettings } from '../../../sampling/settings.ts';
import { type AdaptedModel, emulatedLogits, exactLogits } from '../../noise/emulated-logits.ts';
import { dtypeNamed, type EngineDtype } from '../../noise/formats.ts';
import type { Ask, ConformCase, EvidencePoint, Explanation, Outcome } from '../conform-case.ts';
import { type AskedText, generateOutputsShape } from '../operations/generate.ts';
import { SAMPLING_FAULTS } from '../text-faults.ts';
import { resolved } from './asked-folders.ts';
import { openModel } from './open-models.ts';
import type { Fixtures } from './suite.ts';

/** One text, asked for again and again. Folders are relative to the fixtures. */
export interface LawPlan extends Pick<ConformCase, 'part' | 'id' | 'flags'> {
  readonly model: string;
  readonly text: AskedText;
  readonly repetitions: number;
  /** Probability that one sample of a correct engine raises the alarm. */
  readonly falseAlarm: number;
}

/** Texts that are asked for at once. */
const AT_ONCE = 500;
/** Of the first sample, and of the one in which a failure has to be seen again. */
const SEEDS = [1, 2 ** 20 + 3] as const;

/** A sample of texts and what it shows. */
interface Sample {
  readonly audit: TextAudit;
  readonly texts: readonly (readonly number[])[];
  readonly evidence: readonly EvidencePoint[];
}

/** Sampled texts: their law is that of plain decoding. */
export class LawCase implements ConformCase {
  readonly suite = 'laws';
  readonly part: string;
  readonly id: string;
  readonly flags: readonly string[];
  readonly #fixtures: Fixtures;
  readonly #plan: LawPlan;
  #texts: readonly (readonly number[])[] = [];

  constructor(fixtures: Fixtures, plan: LawPlan) {
    [this.part, this.id, this.flags] = [plan.part, plan.id, plan.flags];
    this.#fixtures = fixtures;
    this.#plan = plan;
  }

  async judge(ask: Ask, dtype: string): Promise<Outcome> {
    this.#texts = [];
    const format = dtypeNamed(dtype);
    if (format === null) return { kind: 'undecided', reason: `the noise of ${dtype} is not known: say --dtype` };
    const samples: Sample[] = [];
    for (const seed of SEEDS) {
      const sample = await this.#sample(ask, seed);
      if ('kind' in sample) return sample;
      samples.push(sample);
      if (!sample.audit.hasAlarm) break;
    }
    this.#texts = samples.flatMap(({ texts }) => texts);
    const { audit, evidence } = samples.at(-1)!;
    const [first] = audit.findings();
    if (samples.length === 1) return { kind: 'pass', power: first?.smallestVisible, evidence };
    if (!audit.hasAlarm) return { kind: 'undecided', reason: 'a sample raised the alarm, and a fresh one did not' };
    return this.#alarm(audit, format, evidence);
  }

  async #sample(ask: Ask, seed: number): Promise<Sample | Outcome> {
    const { model, text, repetitions } = this.#plan;
    const audit = this.#audit(text);
    const texts: (readonly number[])[] = [];
    const evidence: EvidencePoint[] = [];
    for (let asked = 0; asked < repetitions && !audit.hasAlarm; asked += AT_ONCE) {
      const count = Math.min(AT_ONCE, repetitions - asked);
      const request = { ...resolved(this.#fixtures, text), seed: seed + asked };
      const question = { op: 'generate', model: this.#fixtures.at(model), requests: [request] } as const;
      const reply = await ask({ ...question, repetitions: count }, generateOutputsShape);
      if (reply.kind !== 'outputs') return reply;
      const got = reply.value.texts;
      if (got.length !== 1 || got[0]!.length !== count) {
        return { kind: 'fail', expected: `${count} texts of one request`, got: `[${got.map(({ length }) => length)}]` };
      }
      for (const each of got[0]!) {
        audit.observe(each);
        texts.push(each);
      }
      evidence.push({ texts: audit.texts, logEvidence: Math.min(audit.logEValue, Number.MAX_VALUE) });
    }
    return { audit, texts, evidence };
  }

  #alarm(audit: TextAudit, format: EngineDtype, evidence: readonly EvidencePoint[]): Outcome {
    const { prefix, totalVariation, tokens } = audit.worst();
    const { model, text } = this.#plan;
    const noise = lawNoise(openModel(this.#fixtures, model, text.adapter), text, prefix, format);
    if (totalVariation <= 4 * noise) {
      return { kind: 'undecided', reason: `the noise of ${format} moves the law by ${noise.toPrecision(2)}` };
    }
    const { token, expected, observed } = tokens[0]!;
    const after = prefix.length === 0 ? 'first' : `after ${prefix.join(' ')}`;
    const what = token < 0 ? 'the end' : `token ${token}`;
    const got = `${observed.toPrecision(3)}, a total variation of ${totalVariation.toPrecision(2)}`;
    const repeated = `the alarm was raised twice, after ${audit.firstAlarm} texts`;
    return {
      kind: 'fail',
      expected: `${what} ${after}: ${expected.toPrecision(3)}`,
      got: `${got}; ${repeated}`,
      evidence,
    };
  }

  /** The faults that the same texts do not contradict. */
  explain(): Explanation[] {
    if (this.#texts.length === 0) return [];
    const fits = (text: AskedText): boolean => {
      const audit = this.#audit(text);
      for (const each of this.#texts) {
        audit.observe(each);
        if (audit.hasAlarm) return false;
      }
      return true;
    };
    const faults = [...SAMPLING_FAULTS.values()].filter(({ understood }) => fits(understood(this.#plan.text)));
    return faults.map(({ name }): Explanation => ({ kind: 'fault', name }));
  }

  #audit(text: AskedText): TextAudit {
    const { model, falseAlarm } = this.#plan;
    const { maxTokens, endTokens } = text;
    const law = lawOf(openModel(this.#fixtures, model, text.adapter), text);
    return new TextAudit({ law, maxTokens, endTokens, falseAlarm });
  }
}

/** What sampling makes of logits after a completion. */
function processed({ transformer }: AdaptedModel, { prompt, sampling }: AskedText) {
  const { vocabularySize } = transformer.config;
  const given = Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== null));
  const sampler = createSampler(checkSettings(given, vocabularySize), vocabularySize);
  return (logits: Float64Array, prefix: readonly number[]): Float64Array =>
    sampler.law(logits, { tokens: [...prompt, ...prefix], promptLength: prompt.length });
}

/** The law of the next token after each completion: what plain decoding in float64 draws from. */
function lawOf(model: AdaptedModel, text: AskedText): SequenceLaw {
  const of = processed(model, text);
  const after = oncePerPrefix((prefix) => of(exactLogits(model, [...text.prompt, ...prefix]).at(-1)!, prefix));
  return { after };
}

/** The largest total variation between the exact law after a completion and one of emulated arithmetic. */
function lawNoise(model: AdaptedModel, text: AskedText, prefix: readonly number[], format: EngineDtype): number {
  const of = processed(model, text);
  const tokens = [...text.prompt, ...prefix];
  const exact = of(exactLogits(model, tokens).at(-1)!, prefix);
  const distances = emulatedLogits(model, tokens, format).map((way) =>
    of(way.at(-1)!, prefix).reduce((sum, p, token) => sum + Math.abs(p - exact[token]!) / 2, 0),
  );
  return Math.max(...distances);
}
