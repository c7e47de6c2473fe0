/** Why real engines fail cases: each failing case has a page in `findings/` that explains it to the line. */
import type { ReportedCase } from '../../src/oracle/conformance/report.ts';

/** A finding, and the failures that it explains. */
export interface Cause {
  /** A page of `findings/`, without `.md`. */
  readonly finding: string;
  /** The part that shows it; any if absent. */
  readonly part?: string;
  /** A case with one of these flags shows it. */
  readonly flags: readonly string[];
}

/** The causes by engine. The first one that fits a case explains it. */
export const CAUSES: Readonly<Record<string, readonly Cause[]>> = {
  transformers: [
    { finding: 'transformers-window-of-one', flags: ['mistral-window-f16'] },
    { finding: 'transformers-expert-widths', flags: ['mixtral-experts', 'mixtral-window-bf16'] },
  ],
  'llama-cpp': [{ finding: 'llama-cpp-yarn-keys', flags: ['llama-rope-yarn-factor'] }],
  mlx: [
    {
      finding: 'mlx-repetition-penalty',
      part: 'texts/draft-model',
      flags: ['repetition penalty'],
    },
    {
      finding: 'mlx-configurations',
      flags: [
        ...['cohere-defaults', 'cohere-qk-norm', 'gemma2-soft-caps', 'gemma3-pattern', 'gemma3-two-bases'],
        ...['llama-head-dim', 'llama-rope-linear-v5', 'llama-rope-llama3', 'llama-rope-llama3-top-level'],
        ...['llama-rope-yarn', 'llama-rope-yarn-betas', 'llama-rope-yarn-factor', 'llama-rope-yarn-truncate-null'],
        ...['lora-gemma2', 'lora-phi3', 'lora-qwen2-bias', 'lora-rslora-patterns'],
        ...['mistral-head-dim', 'mistral-window', 'mistral-window-f16', 'phi3-partial'],
        ...['qwen2-layer-types', 'qwen2-window', 'qwen2-window-v4'],
      ],
    },
  ],
  'onnxruntime-genai': [
    { finding: 'onnxruntime-genai-builder-errors', flags: ['gemma3-two-bases', 'phi3-partial', 'phi3-partial-v4'] },
    {
      finding: 'onnxruntime-genai-llama-rotary-scaling',
      flags: [
        ...['llama-rope-linear', 'llama-rope-linear-v5', 'llama-rope-yarn', 'llama-rope-yarn-betas'],
        ...['llama-rope-yarn-factor', 'llama-rope-yarn-mscale', 'llama-rope-yarn-one-frequency'],
        ...['llama-rope-yarn-truncate-null', 'qwen2-yarn-bf16', 'qwen3-yarn'],
      ],
    },
  ],
};

/** The finding that explains a failing case of an engine; undefined if there is none. */
export function findingOf(engine: string, { suite, part, flags }: ReportedCase): string | undefined {
  return CAUSES[engine]?.find(
    (cause) =>
      (cause.part === undefined || cause.part === `${suite}/${part}`) &&
      cause.flags.some((flag) => flags.includes(flag)),
  )?.finding;
}
