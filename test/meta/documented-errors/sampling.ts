import { logProbabilities } from '../../../src/sampling/entropy.ts';
import { keepAtLeast } from '../../../src/sampling/epsilon-cutoff.ts';
import { keepEta } from '../../../src/sampling/eta-cutoff.ts';
import { keepMinP } from '../../../src/sampling/min-p.ts';
import { checkNumbers } from '../../../src/sampling/number-settings.ts';
import { createSampler } from '../../../src/sampling/sampler.ts';
import { checkSettings } from '../../../src/sampling/settings.ts';
import { argmax, softmax } from '../../../src/sampling/softmax.ts';
import { checkTokenSettings } from '../../../src/sampling/token-settings.ts';
import { keepTopH } from '../../../src/sampling/top-h.ts';
import { keepTopP } from '../../../src/sampling/top-p.ts';
import { keepTypical } from '../../../src/sampling/typical-p.ts';
import type { Calls } from './calls.ts';

const broken = (): Float64Array => Float64Array.of(0, Number.NaN);
const none = (): Float64Array => new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
const contradiction = { forcedEosTokens: [1], bannedTokens: [1] };

export const sampling: Calls = {
  'sampling/entropy logProbabilities': { LawError: () => logProbabilities(broken()) },
  'sampling/epsilon-cutoff keepAtLeast': { LawError: () => keepAtLeast(broken(), 0.1) },
  'sampling/eta-cutoff keepEta': { LawError: () => keepEta(broken(), 0.1) },
  'sampling/min-p keepMinP': { LawError: () => keepMinP(broken(), 0.1) },
  'sampling/number-settings checkNumbers': { OptionError: () => checkNumbers({ temperature: -1 }) },
  'sampling/sampler createSampler': {
    LawError: () => createSampler(checkSettings({}, 2), 2).law(broken(), { tokens: [0], promptLength: 1 }),
  },
  'sampling/settings checkSettings': {
    OptionError: () => checkSettings({ temperature: -1 }, 2),
    TokenError: () => checkSettings({ bannedTokens: [2] }, 2),
    ConflictError: () => checkSettings(contradiction, 3),
  },
  'sampling/softmax softmax': { LawError: () => softmax(none()) },
  'sampling/softmax argmax': { LawError: () => argmax(none()) },
  'sampling/token-settings checkTokenSettings': {
    OptionError: () => checkTokenSettings({ bannedTokens: 'x' as unknown as number[] }, 2),
    TokenError: () => checkTokenSettings({ bannedTokens: [2] }, 2),
    ConflictError: () => checkTokenSettings(contradiction, 3),
  },
  'sampling/top-h keepTopH': { LawError: () => keepTopH(none(), 0.5) },
  'sampling/top-p keepTopP': { LawError: () => keepTopP(broken(), 0.5) },
  'sampling/typical-p keepTypical': { LawError: () => keepTypical(broken(), 0.5) },
};
