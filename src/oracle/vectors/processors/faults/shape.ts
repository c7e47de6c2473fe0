/**
 * Faults in the settings that shape the distribution, and in their order.
 * @packageDocumentation
 */
import { exp, pow } from '../../../../numerics/elementary.ts';
import { argmax, softmax } from '../../../../sampling/softmax.ts';
import { type LawInputs, processedLaw, processedScores } from '../law-inputs.ts';
import type { VectorSettings } from '../vector-settings.ts';
import { afterLaw, type LawFault, underSettings } from './law-fault.ts';

const FILTERS: VectorSettings = {
  ...{ top_h: undefined, top_k: undefined, top_p: undefined, min_p: undefined },
  ...{ typical_p: undefined, epsilon_cutoff: undefined, eta_cutoff: undefined },
};

const filtersSkipped = underSettings(
  'filters-skipped',
  'Drafts are verified against the law before top-k, top-p and the like.',
  ['vllm-project/vllm#10198'],
  () => FILTERS,
);

const temperatureSkipped = underSettings(
  'temperature-skipped',
  'Drafts are verified at temperature 1.',
  ['vllm-project/vllm#10198'],
  () => ({ temperature: 1 }),
);

const greedyNotOneHot = underSettings(
  'greedy-not-one-hot',
  'At temperature 0 the law stays the softmax of the logits.',
  ['vllm-project/vllm#3951'],
  ({ temperature }) => ({ temperature: temperature === 0 ? 1 : temperature }),
);

const temperatureMultiplies = underSettings(
  'temperature-multiplies',
  'Logits are multiplied by the temperature.',
  [],
  ({ temperature = 1 }) => ({ temperature: temperature === 0 ? 0 : 1 / temperature }),
);

const temperatureLast: LawFault = {
  name: 'temperature-last',
  description:
    'Filters see the law at temperature 1, and the temperature comes after them, as in llama.cpp: another order, and so another law.',
  links: [],
  plant(inputs) {
    const { temperature = 1 } = inputs.settings;
    if (temperature === 0) return null;
    const filtered = processedLaw({ ...inputs, settings: { ...inputs.settings, temperature: 1 } });
    return normalized(filtered.map((mass) => (mass === 0 ? 0 : pow(mass, 1 / temperature))));
  },
};

const minPFirst: LawFault = {
  name: 'min-p-first',
  description: 'min-p comes before top-k and top-p, as in vLLM: another order, and so another law.',
  links: [],
  plant(inputs) {
    const { settings } = inputs;
    if (settings.min_p === undefined || settings.temperature === 0) return null;
    const { top_k, top_p, ...first } = settings;
    const kept = processedLaw({ ...inputs, settings: first });
    const logits = inputs.logits.map((logit, i) => (kept[i] === 0 ? Number.NEGATIVE_INFINITY : logit));
    return processedLaw({ ...inputs, logits, settings: { ...settings, min_p: undefined } });
  },
};

const topKOneMore = underSettings('top-k-one-more', 'Top-k keeps k + 1 tokens.', [], ({ top_k: k }) => ({
  top_k: k === undefined ? undefined : k + 1,
}));

const topKDropsTies: LawFault = afterLaw(
  'top-k-drops-ties',
  'Top-k keeps exactly k tokens, by id where logits are equal; transformers keeps every token at the border.',
  [],
  (law, inputs) => {
    const { top_k: k } = inputs.settings;
    if (k === undefined || k === 0) return null;
    const scores = processedScores(inputs);
    const ids = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, k);
    return normalized(law.map((mass, i) => (ids.includes(i) ? mass : 0)));
  },
);

const topPWithoutCrossing: LawFault = {
  name: 'top-p-without-crossing',
  description: 'Top-p drops the token that crosses p, too.',
  links: [],
  plant(inputs) {
    const { top_p: p } = inputs.settings;
    if (p === undefined || p === 1 || inputs.settings.temperature === 0) return null;
    const law = processedLaw(inputs);
    const kept = [...law.keys()].filter((i) => law[i]! > 0);
    if (kept.length < 2) return null;
    const last = kept.reduce((least, i) => (law[i]! <= law[least]! ? i : least));
    return normalized(law.map((mass, i) => (i === last ? 0 : mass)));
  },
};

const notRenormalized: LawFault = {
  name: 'not-renormalized',
  description: 'Removed tokens get probability 0, and what is left does not sum to 1.',
  links: [],
  plant(inputs) {
    if (inputs.settings.temperature === 0) return null;
    const filtered = processedLaw(inputs);
    const whole = processedLaw({ ...inputs, settings: { ...inputs.settings, ...FILTERS } });
    return whole.map((mass, i) => (filtered[i] === 0 ? 0 : mass));
  },
};

const minPAbsolute = underSettings(
  'min-p-absolute',
  'min-p is compared with the probability itself, not with its share of the largest.',
  [],
  ({ min_p: p }) => (p === undefined || p === 1 ? {} : { min_p: undefined, epsilon_cutoff: p }),
);

const softmaxOverflows: LawFault = {
  name: 'softmax-overflows',
  description: 'The softmax does not subtract the largest logit first, and overflows in float32.',
  links: [],
  plant(inputs) {
    const scores = plainLogits(inputs);
    if (scores === null) return null;
    const terms = scores.map((score) => Math.fround(exp(score)));
    const total = Math.fround(terms.reduce((a, b) => a + b));
    return terms.map((term) => term / total);
  },
};

/** Logits over temperature, where no filter is set. */
function plainLogits(inputs: LawInputs): Float64Array | null {
  const { temperature = 1 } = inputs.settings;
  const filtered = Object.keys(FILTERS).some((key) => inputs.settings[key as keyof VectorSettings] !== undefined);
  if (temperature === 0 || filtered) return null;
  return processedScores(inputs).map((score) => score / temperature);
}

const greedyHighestId: LawFault = {
  name: 'greedy-highest-id',
  description: 'Greedy decoding takes the highest id on ties.',
  links: [],
  plant(inputs) {
    if (inputs.settings.temperature !== 0) return null;
    const scores = processedScores(inputs);
    const largest = scores[argmax(scores)]!;
    const last = scores.lastIndexOf(largest);
    return scores.map((_, i) => (i === last ? 1 : 0));
  },
};

const biasAfterTemperature: LawFault = {
  name: 'bias-after-temperature',
  description: 'The logit bias is added after the logits were divided by the temperature.',
  links: [],
  plant(inputs) {
    const { logit_bias: bias = [], temperature = 1 } = inputs.settings;
    if (plainLogits(inputs) === null) return null;
    const scores = processedScores({ ...inputs, settings: { ...inputs.settings, logit_bias: undefined } });
    const warm = scores.map((score) => score / temperature);
    for (const [token, value] of bias) warm[token]! += value;
    return softmax(warm);
  },
};

/** A law of numbers that need not sum to one. */
function normalized(masses: Float64Array): Float64Array {
  const total = masses.reduce((a, b) => a + b, 0);
  return masses.map((mass) => mass / total);
}

/** Faults of what shapes the distribution. */
export const SHAPE_FAULTS: readonly LawFault[] = [
  ...[filtersSkipped, temperatureSkipped, greedyNotOneHot, temperatureMultiplies, temperatureLast, minPFirst],
  ...[topKOneMore, topKDropsTies, topPWithoutCrossing, notRenormalized, minPAbsolute, softmaxOverflows],
  ...[greedyHighestId, biasAfterTemperature],
];
