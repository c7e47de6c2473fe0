/**
 * A text by the production loop: real model, cache, sampler, rule and stop condition, on scripted drafts and uniforms.
 * @packageDocumentation
 */
import type { Slot } from '../../../chance/slot.ts';
import { decodeSpeculatively } from '../../../decode/speculative.ts';
import { stopCondition } from '../../../decode/stop.ts';
import { TextStream, type TokenSpelling } from '../../../decode/text-stream.ts';
import type { ModelFreeDrafter } from '../../../draft/drafter.ts';
import { DEFAULT_BACKEND } from '../../../language-model/default-backend.ts';
import { Session } from '../../../model/session.ts';
import { float64 } from '../../../numerics/arithmetic.ts';
import { createSampler } from '../../../sampling/sampler.ts';
import { USUAL_RULE } from '../../../verify/rules.ts';
import { samplerSettings } from '../processors/vector-settings.ts';
import { withMargin } from '../tape-chance.ts';
import type { DecodeInputs, DecodeOutputs, DecodeStep } from './decode-inputs.ts';
import { tableModel } from './table-model.ts';

/** A text, and how near the nearest decision was to its boundary. */
export interface DecodedText extends DecodeOutputs {
  readonly margin: number;
}

const FINISH = { eos: 'eos', 'stop string': 'stop', 'max new tokens': 'length' } as const;

/** One letter per token, so that a stop sequence of tokens is a stop string. */
const lettersOf = (tokens: readonly number[]): string => String.fromCharCode(...tokens.map((token) => 0x61 + token));
const SPELLING: TokenSpelling = { decode: (tokens) => lettersOf(tokens), tokenText: () => null };

/**
 * Decodes with the acceptance rule of Leviathan et al.
 * @throws as the sampler and the decoding loop do.
 */
export function decodedText(inputs: DecodeInputs): DecodedText {
  const { vocabulary, prompt, table, settings } = inputs;
  const contextLength = prompt.length + inputs.uniforms.target.length + 64;
  const target = new Session(DEFAULT_BACKEND, tableModel(table, contextLength), null);
  const checked = samplerSettings(settings, vocabulary);
  const asked: [DecodeStep['uniforms'][number][0], number][] = [];
  const { chance, margin } = withMargin({ uniform: (slot) => uniformOf(inputs, slot, asked) });
  const { maxNewTokens, eosTokens } = checked;
  const text = new TextStream(SPELLING, prompt, inputs.stops.map(lettersOf));
  const steps: DecodeStep[] = [];
  let finish: DecodeOutputs['finish'] = 'length';
  const decoding = {
    ...{ target, sampler: createSampler(checked, vocabulary), arithmetic: float64, chance, rule: USUAL_RULE },
    ...{ lift: (law: Float64Array) => law, drafter: scripted(inputs) },
    stop: stopCondition({ promptLength: prompt.length, maxNewTokens, contextLength, eosTokens, text }),
  };
  for (const { drafted, accepted, emitted, stop } of decodeSpeculatively(decoding, prompt)) {
    steps.push({ drafted, accepted, emitted, cached: target.cache.length, uniforms: asked.splice(0) });
    if (stop !== null && stop !== 'context limit') finish = FINISH[stop];
  }
  return { tokens: steps.flatMap(({ emitted }) => emitted), finish, steps, margin: margin() };
}

function scripted({ drafts }: DecodeInputs): ModelFreeDrafter {
  return {
    name: 'scripted',
    propose({ tokens, promptLength, maxDepth }) {
      const chain = (drafts[tokens.length - promptLength] ?? []).slice(0, Math.max(0, maxDepth));
      return {
        tokens: chain,
        parents: chain.map((_, i) => i - 1),
        drawn: 'top',
        laws: chain.map(() => 'point' as const),
      };
    },
  };
}

function uniformOf(
  { uniforms, prompt }: DecodeInputs,
  { purpose, position }: Slot,
  asked: [DecodeStep['uniforms'][number][0], number][],
): number {
  const at = position - prompt.length;
  if (purpose === 'draft') return Number.NaN; // scripted drafts draw nothing
  asked.push([purpose, at]);
  return uniforms[purpose][at]!;
}
