/**
 * Faults in which text is counted, and how.
 * @packageDocumentation
 */
import type { LawInputs } from '../law-inputs.ts';
import type { VectorSettings } from '../vector-settings.ts';
import { type LawFault, onInputs, underSettings } from './law-fault.ts';

/** Settings that count tokens of the text. */
const PENALTIES: VectorSettings = {
  repetition_penalty: undefined,
  frequency_penalty: undefined,
  presence_penalty: undefined,
};

const penaltiesInert = underSettings(
  'penalties-inert',
  'Repetition, frequency and presence penalties have no effect under speculation.',
  ['vllm-project/vllm#18902', 'sgl-project/sglang#28180', 'NVIDIA/TensorRT-LLM#17701'],
  () => PENALTIES,
);

const draftedNotCounted = onInputs(
  'drafted-not-counted',
  'Processors see the text without the drafted tokens before the row.',
  ['predibase/lorax server/lorax_server/utils/logits_process.py'],
  () => ({ drafted: [] }),
);

const countedARowLate = onInputs(
  'counted-a-row-late',
  'Processors see the text without its last token.',
  [],
  ({ generated, drafted }) =>
    drafted.length > 0 ? { drafted: drafted.slice(0, -1) } : { generated: generated.slice(0, -1) },
);

const draftedCountedTwice = onInputs(
  'drafted-counted-twice',
  'Drafted tokens are counted when they are drafted, and once more when they are accepted.',
  ['vmlx-swift#357'],
  ({ generated, drafted }) => ({ generated: [...generated, ...drafted] }),
);

const promptNotCounted = onInputs(
  'prompt-not-counted',
  'The repetition penalty ignores the prompt.',
  [],
  ({ prompt, generated, drafted, vocabulary, logits, settings }) => {
    const counted = new Set([...generated, ...drafted]);
    const penalty = settings.repetition_penalty ?? 1;
    const undone = logits.slice();
    for (const token of new Set(prompt)) {
      if (token >= vocabulary || counted.has(token)) continue;
      undone[token] = undone[token]! < 0 ? undone[token]! / penalty : undone[token]! * penalty;
    }
    return { logits: undone };
  },
);

const promptCountedAsGenerated: LawFault = onInputs(
  'prompt-counted-as-generated',
  'Frequency and presence penalties count tokens of the prompt.',
  [],
  (inputs) => ({ logits: minusCounts(inputs, inputs.prompt) }),
);

/** Logits with frequency and presence penalties for tokens that are not counted by a correct sampler. */
function minusCounts({ logits, generated, drafted, settings }: LawInputs, wrongly: readonly number[]): Float64Array {
  const { frequency_penalty: frequency = 0, presence_penalty: presence = 0 } = settings;
  const counted = new Set([...generated, ...drafted]);
  const changed = logits.slice();
  for (const token of wrongly) changed[token]! -= frequency;
  for (const token of new Set(wrongly)) if (!counted.has(token)) changed[token]! -= presence;
  return changed;
}

const repetitionPerOccurrence = onInputs(
  'repetition-per-occurrence',
  'The repetition penalty is applied once per occurrence, instead of once per token.',
  [],
  ({ prompt, generated, drafted, logits, settings }) => {
    const penalty = settings.repetition_penalty ?? 1;
    const changed = logits.slice();
    const seen = new Set<number>();
    for (const token of [...prompt, ...generated, ...drafted]) {
      if (seen.has(token)) changed[token] = changed[token]! < 0 ? changed[token]! * penalty : changed[token]! / penalty;
      seen.add(token);
    }
    return { logits: changed };
  },
);

const repetitionDivides = onInputs(
  'repetition-divides',
  'The repetition penalty divides negative logits too, which makes those tokens likelier.',
  [],
  ({ prompt, generated, drafted, logits, settings }) => {
    const penalty = settings.repetition_penalty ?? 1;
    const changed = logits.slice();
    for (const token of new Set([...prompt, ...generated, ...drafted])) {
      if (changed[token]! < 0) changed[token]! /= penalty * penalty; // it is multiplied once afterwards
    }
    return { logits: changed };
  },
);

const minTokensRowLate = underSettings(
  'min-tokens-row-late',
  'End-of-text tokens are held back one row too many.',
  ['vllm-project/vllm#41768'],
  ({ min_new_tokens: least, min_length: length }) => ({
    min_new_tokens: least === undefined ? undefined : least + 1,
    min_length: length === undefined ? undefined : length + 1,
  }),
);

const minTokensSkipped = underSettings(
  'min-tokens-skipped',
  'End-of-text tokens are never held back under speculation.',
  ['vllm-project/vllm#26317'],
  () => ({ min_new_tokens: undefined, min_length: undefined }),
);

const minTokensOneEnd = underSettings(
  'min-tokens-one-end',
  'Only the first of several end-of-text tokens is held back.',
  ['vllm-project/vllm#32163'],
  ({ eos_token_id: ends = [] }) => ({ eos_token_id: ends.slice(0, 1) }),
);

const minTokensCountsPrompt = underSettings(
  'min-tokens-counts-prompt',
  'The minimum of generated tokens counts the prompt.',
  [],
  ({ min_new_tokens: least }, { prompt }) => ({
    min_new_tokens: least === undefined ? undefined : Math.max(0, least - prompt.length),
  }),
);

/** Faults of what is counted. */
export const TEXT_FAULTS: readonly LawFault[] = [
  ...[penaltiesInert, draftedNotCounted, countedARowLate, draftedCountedTwice, promptNotCounted],
  ...[promptCountedAsGenerated, repetitionPerOccurrence, repetitionDivides],
  ...[minTokensRowLate, minTokensSkipped, minTokensOneEnd, minTokensCountsPrompt],
];
