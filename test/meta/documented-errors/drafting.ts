import { answeredAtOnce } from '../../../src/decode/pass.ts';
import { plainLoop } from '../../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../../src/decode/speculative.ts';
import { stopCondition } from '../../../src/decode/stop.ts';
import { checkChildren, planOf } from '../../../src/draft/choice.ts';
import { chain, checkDraft, type Draft } from '../../../src/draft/draft.ts';
import { draftModelDrafter } from '../../../src/draft/draft-model.ts';
import { headLogits } from '../../../src/draft/heads.ts';
import { headsDrafter } from '../../../src/draft/heads-drafter.ts';
import { promptLookup } from '../../../src/draft/prompt-lookup.ts';
import { foundAtOnce } from '../../../src/model/pass-request.ts';
import { Session } from '../../../src/model/session.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { tensor, zeros } from '../../../src/numerics/tensor.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';
import { float64Ops } from '../../../src/ops/float64/index.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { decodingOf } from '../../support/decoding.ts';
import { Device } from '../../support/device.ts';
import { requestFor, watchedSampler } from '../../support/drafting.ts';
import { randomHeads, randomModel, smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';

const { hiddenSize: D, vocabularySize: V } = smallConfig;
const model = randomModel(1);
const { sampler } = watchedSampler(V);
const top1 = (length: number) => ({ kind: 'top1', length }) as const;
const heads = randomHeads(5, smallConfig, 2);

const scene = { model, adapter: null, prompt: [1], sampling: {}, stop: { maxNewTokens: 3 }, seed: 1 };

/** Decodes with a drafter that proposes this, whatever it is asked for. */
function decode(draft: Draft<never>): unknown {
  const target = new Session(float64Backend, model, null);
  const decoding = { ...decodingOf(scene, target), drafter: { name: 'fixed', propose: () => draft }, rule: rejection };
  return [...decodeSpeculatively(decoding, scene.prompt)];
}

const slow = (): Session => new Session(new Device(true), model, null);
const slowDrafter = () => draftModelDrafter({ session: slow(), vocabularySize: V, sampler, choice: top1(1) });

const stop = { promptLength: 1, maxNewTokens: 1, contextLength: 4 };
const huge = stored('huge', 'F64', new Float64Array(V * D).fill(1e308), [V, D]);

export const drafting: Calls = {
  'draft/choice planOf': { OptionError: () => planOf(top1(0)) },
  'draft/choice checkChildren': { OptionError: () => checkChildren([0]) },
  'draft/draft checkDraft': { ShapeError: () => checkDraft({ tokens: [1], parents: [0], laws: ['point'] }) },
  'draft/draft-model draftModelDrafter': {
    MismatchError: () =>
      draftModelDrafter({
        session: new Session(float64Backend, model, null),
        vocabularySize: V + 1,
        sampler,
        choice: top1(1),
      }),
    OptionError: () =>
      draftModelDrafter({
        session: new Session(float64Backend, model, null),
        vocabularySize: V,
        sampler,
        choice: top1(0),
      }),
  },
  'draft/heads headLogits': {
    ShapeError: () => headLogits(float64Ops, heads, zeros('h', [1, D + 1]), (states) => states),
    NonFiniteError: () =>
      headLogits(
        float64Ops,
        [{ layers: [], output: huge }],
        tensor('h', new Float64Array(D).fill(9), [1, D]),
        (x) => x,
      ),
  },
  'draft/heads-drafter headsDrafter': {
    OptionError: () =>
      headsDrafter({ target: new Session(float64Backend, model, null), heads, sampler, choice: top1(3) }),
  },
  'model/session Session.read': { ConflictError: () => slow().read([1]) },
  'model/session Session.hiddenAt': { ShapeError: () => slow().hiddenAt(0) },
  'model/pass-request foundAtOnce': { ConflictError: () => foundAtOnce(slowDrafter().propose(requestFor([1]))) },
  'decode/pass answeredAtOnce': {
    ConflictError: () => [...answeredAtOnce(plainLoop(decodingOf(scene, slow()), [1]))],
  },
  'draft/prompt-lookup promptLookup': { OptionError: () => promptLookup({ length: 0 }) },
  'decode/speculative speculativeLoop': {
    ShapeError: () => decode(chain<never>([1, 2, 3, 4], ['point', 'point', 'point', 'point'])),
    UnsupportedError: () => decode({ tokens: [1, 2], parents: [-1, -1], laws: ['point', 'point'] }),
  },
  'decode/stop stopCondition': {
    TokenError: () => stopCondition({ ...stop, promptLength: 0 }),
    ContextLimitError: () => stopCondition({ ...stop, promptLength: 4 }),
    OptionError: () => stopCondition({ ...stop, maxNewTokens: 0 }),
  },
};
