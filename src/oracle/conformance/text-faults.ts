/**
 * Faults of how texts are asked for: an engine that has one answers another request than the one it was sent.
 * @packageDocumentation
 */
import type { FaultReference } from '../../law/faults/fault.ts';
import type { AskedText } from './operations/generate.ts';

/** Batches of texts, asked for one after another. */
export type AskedBatches = readonly (readonly AskedText[])[];

/** A fault of how requests are understood. */
export interface TextFault {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  readonly references: readonly FaultReference[];
  /**
   * What a faulty engine makes of the batches; several if that depends on what it was asked before them.
   * @param adapters those that it may have been asked for before
   */
  understood(batches: AskedBatches, adapters: readonly string[]): readonly AskedBatches[];
}

const each = (change: (text: AskedText) => AskedText) => (batches: AskedBatches) => [
  batches.map((batch) => batch.map(change)),
];

const penaltyIgnored: TextFault = {
  name: 'repetition-penalty-ignored',
  description: 'The repetition penalty has no effect.',
  references: [
    { where: 'sgl-project/sglang#28180', title: 'repetition penalty is ignored' },
    { where: 'NVIDIA/TensorRT-LLM#17701', title: 'all occurrence penalties are ignored' },
  ],
  understood: each((text) => ({ ...text, sampling: { ...text.sampling, repetitionPenalty: null } })),
};

const penaltyIgnoredDrafting: TextFault = {
  name: 'repetition-penalty-ignored-when-drafting',
  description: 'The repetition penalty has no effect where a drafter is used.',
  references: [{ where: 'vllm-project/vllm#18902', title: 'frequency penalty inert under speculation' }],
  understood: each((text) =>
    text.drafter === null ? text : { ...text, sampling: { ...text.sampling, repetitionPenalty: null } },
  ),
};

const endsIgnored: TextFault = {
  name: 'end-tokens-ignored',
  description: 'An end token does not end a text.',
  references: [{ where: 'intel/ipex-llm#9963', title: 'generation cannot stop at the end of a text' }],
  understood: each((text) => ({ ...text, endTokens: [] })),
};

const firstAdapter: TextFault = {
  name: 'adapter-of-the-first-request',
  description: 'All texts of a batch get the adapter of its first request.',
  references: [
    { where: 'NVIDIA/TensorRT-LLM#2096', title: 'with and without LoRA in one batch' },
    { where: 'sgl-project/sglang#28091', title: 'mixed adapters corrupt each other' },
  ],
  understood: (batches) => [batches.map((batch) => batch.map((text) => ({ ...text, adapter: batch[0]!.adapter })))],
};

const adapterStays: TextFault = {
  name: 'adapter-stays',
  description: 'A request without an adapter gets the one that was used before it.',
  references: [
    { where: 'sgl-project/sglang#18208', title: 'unload() does not restore the base' },
    { where: 'ggml-org/llama.cpp#28674', title: 'an empty list of adapters does not zero their scales' },
  ],
  understood: (batches, adapters) =>
    [null, ...adapters].map((before) => {
      let last = before;
      return batches.map((batch) =>
        batch.map((text) => {
          last = text.adapter ?? last;
          return { ...text, adapter: last };
        }),
      );
    }),
};

const adapterNotAdded: TextFault = {
  name: 'adapter-ignored-when-drafting',
  description: 'An adapter has no effect where a drafter is used.',
  references: [],
  understood: each((text) => (text.drafter === null ? text : { ...text, adapter: null })),
};

/** Every known fault of how requests are understood, by name. */
export const TEXT_FAULTS: ReadonlyMap<string, TextFault> = new Map(
  [penaltyIgnored, penaltyIgnoredDrafting, endsIgnored, firstAdapter, adapterStays, adapterNotAdded].map((fault) => [
    fault.name,
    fault,
  ]),
);

/** A fault of how the settings of a sampled text are understood. */
export interface SamplingFault extends Omit<TextFault, 'understood'> {
  /** What a faulty engine makes of the request. */
  understood(text: AskedText): AskedText;
}

const sampling = (text: AskedText, changes: Partial<AskedText['sampling']>): AskedText => ({
  ...text,
  sampling: { ...text.sampling, ...changes },
});

const NO_PENALTIES = { repetitionPenalty: null, frequencyPenalty: null, presencePenalty: null };
const NO_FILTERS = { topK: null, topP: null, minP: null };

/** Every known fault of how the settings of a sampled text are understood, by name. */
export const SAMPLING_FAULTS: ReadonlyMap<string, SamplingFault> = new Map(
  [
    {
      name: 'temperature-ignored',
      description: 'The temperature has no effect.',
      references: [],
      understood: (text: AskedText) => sampling(text, { temperature: 1 }),
    },
    {
      name: 'greedy-in-place-of-sampling',
      description: 'Texts are greedy at any temperature.',
      references: [],
      understood: (text: AskedText) => sampling(text, { temperature: 0 }),
    },
    {
      name: 'filters-ignored',
      description: 'Top-k, top-p and min-p have no effect.',
      references: [],
      understood: (text: AskedText) => sampling(text, NO_FILTERS),
    },
    {
      name: 'penalties-ignored',
      description: 'No penalty has any effect.',
      references: [{ where: 'NVIDIA/TensorRT-LLM#17701', title: 'all occurrence penalties are ignored' }],
      understood: (text: AskedText) => sampling(text, NO_PENALTIES),
    },
    {
      name: 'frequency-penalty-ignored',
      description: 'The frequency penalty has no effect.',
      references: [{ where: 'vllm-project/vllm#18902', title: 'frequency penalty inert under speculation' }],
      understood: (text: AskedText) => sampling(text, { frequencyPenalty: null }),
    },
    {
      name: 'settings-ignored',
      description: 'Neither temperature nor filters nor penalties have any effect.',
      references: [{ where: 'vllm-project/vllm#10198', title: 'target scored with default sampling parameters' }],
      understood: (text: AskedText) => sampling(text, { temperature: 1, ...NO_FILTERS, ...NO_PENALTIES }),
    },
  ].map((fault) => [fault.name, fault]),
);
