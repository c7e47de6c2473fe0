/**
 * Faults that can be seen in a whole decode.
 * @packageDocumentation
 */
import { TurboLoraError } from '../../../errors.ts';
import type { VectorFault } from '../vector-fault.ts';
import type { DecodeInputs, DecodeOutputs } from './decode-inputs.ts';
import { type Quirks, simpleDecode } from './simple-decode.ts';

/** A fault of a decoding loop. */
export type DecodeFault = VectorFault<DecodeInputs, DecodeOutputs>;

function fault(name: string, description: string, links: readonly string[], quirks: Quirks): DecodeFault {
  return { name, description, links, plant: (inputs) => simpleDecode(inputs, quirks) };
}

const without = (...keys: readonly string[]): Quirks => ({
  settings: (settings) => Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.includes(key))),
});

/** Faults of decoding loops. */
export const DECODE_FAULTS: readonly DecodeFault[] = [
  fault(
    'eos-inside-block-ignored',
    'An end-of-text token that is accepted inside a block does not end the text.',
    ['huggingface/transformers#47912'],
    { end: 'block end' },
  ),
  fault('eos-ignored', 'An end-of-text token never ends the text.', ['intel/ipex-llm#9963'], { end: 'never' }),
  fault(
    'token-after-end',
    'After the token that ends the text one more is emitted.',
    ['huggingface/transformers#28508'],
    { tokenAfterEnd: true },
  ),
  fault(
    'stop-inside-block-ignored',
    'Tokens are kept past a stop sequence that is completed inside a block.',
    ['vllm-project/vllm#47616'],
    { stop: 'block end' },
  ),
  fault('stop-across-blocks-ignored', 'A stop sequence that begins in an earlier block is not found.', [], {
    stop: 'inside',
  }),
  fault('length-overrun', 'The last block is emitted in whole, past max_new_tokens.', [], { overruns: true }),
  fault(
    'penalties-inert',
    'Repetition, frequency and presence penalties have no effect under speculation.',
    ['vllm-project/vllm#18902', 'sgl-project/sglang#28180', 'NVIDIA/TensorRT-LLM#17701'],
    without('repetition_penalty', 'frequency_penalty', 'presence_penalty'),
  ),
  fault(
    'drafted-not-counted',
    'Processors see the text as it was at the start of the block.',
    ['predibase/lorax server/lorax_server/utils/logits_process.py'],
    { counts: 'block start' },
  ),
  fault('rejected-counted', 'Rejected tokens stay counted in penalties.', ['vmlx-swift#357'], {
    counts: 'rejected too',
  }),
  fault('accepted-counted-twice', 'Accepted tokens are counted twice in penalties.', ['vmlx-swift#357'], {
    counts: 'accepted twice',
  }),
  fault('min-tokens-row-late', 'End-of-text tokens are held back one row too many.', ['vllm-project/vllm#41768'], {
    settings: (settings) => ({ ...settings, min_new_tokens: (settings.min_new_tokens ?? -1) + 1 }),
  }),
  fault(
    'min-tokens-skipped',
    'End-of-text tokens are never held back under speculation.',
    ['vllm-project/vllm#26317'],
    without('min_new_tokens'),
  ),
  fault('first-unverified', 'The first drafted token is emitted unverified.', ['lattice#243'], {
    firstUnverified: true,
  }),
  fault(
    'rejected-kept',
    'A rejected token stays in the text, before its correction.',
    ['lucidrains/speculative-decoding#3'],
    { keepsRejected: true },
  ),
  fault('cache-not-trimmed', 'Rejected tokens stay in the cache.', ['ml-explore/mlx-lm#1109'], {
    cachedBeyond: (drafted, accepted) => drafted - accepted,
  }),
  fault('cache-trimmed-too-far', 'The cache is trimmed by two tokens too many.', ['mlxcel#994'], {
    cachedBeyond: (drafted, accepted) => (drafted > accepted ? -2 : 0),
  }),
  fault('one-uniform-per-round', 'All choices of a round take the same uniform.', [], { oneUniform: true }),
];

/** Names of the faults that give another text, another end or another trace. */
export function caughtDecodeFaults(inputs: DecodeInputs, right: DecodeOutputs): string[] {
  const expected = JSON.stringify(right);
  return DECODE_FAULTS.filter((each) => {
    try {
      return JSON.stringify(each.plant(inputs)) !== expected;
    } catch (error) {
      if (error instanceof TurboLoraError) return true; // it runs out of uniforms, or of tokens
      throw error;
    }
  }).map(({ name }) => name);
}
