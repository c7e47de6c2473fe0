/** Speculative decoding with realized folders: the texts and rounds are those of the exact problem. */
import type Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { sampled } from '../../../../src/chance/sampled.ts';
import { seededTape } from '../../../../src/chance/seeded-tape.ts';
import { decodePlainly } from '../../../../src/decode/plain.ts';
import { decodeSpeculatively } from '../../../../src/decode/speculative.ts';
import type { Decoding, Step } from '../../../../src/decode/step.ts';
import { stopCondition } from '../../../../src/decode/stop.ts';
import { draftModelDrafter } from '../../../../src/draft/draft-model.ts';
import type { Drafter } from '../../../../src/draft/drafter.ts';
import { headsDrafter } from '../../../../src/draft/heads-drafter.ts';
import type { LanguageModel } from '../../../../src/language-model/language-model.ts';
import { load } from '../../../../src/language-model/load.ts';
import { audit } from '../../../../src/law/audit/audit-of.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { differingTexts, textLaw } from '../../../../src/law/whole-text.ts';
import { Session } from '../../../../src/model/session.ts';
import { float64 } from '../../../../src/numerics/arithmetic.ts';
import { float64Backend } from '../../../../src/ops/float64/backend.ts';
import { realize } from '../../../../src/oracle/checkpoints/realize.ts';
import { createSampler } from '../../../../src/sampling/sampler.ts';
import { checkSettings } from '../../../../src/sampling/settings.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { FOR_HEADS, folderOf } from '../../../support/realized-problems.ts';

const sampler = createSampler(checkSettings({ temperature: 1 }, 16), 16);

describe('speculative decoding with the folders', () => {
  const realized = realize(problemFrom(FOR_HEADS));
  const { realization } = realized;
  const parts = Promise.all([
    load(folderOf(realized, 'target')),
    load(folderOf(realized, 'draft')),
    load(folderOf(realized, 'target'), { adapter: folderOf(realized, 'turbo') }),
    load(folderOf(realized, 'target'), { adapter: folderOf(realized, 'medusa') }),
  ]);
  type DrafterName = 'draft' | 'turbo' | 'medusa';

  async function drafters(): Promise<Record<DrafterName, (target: Session) => Drafter>> {
    const [, draft, turbo, medusa] = await parts;
    const choice = { kind: 'sample', length: 2 } as const;
    const heads = (model: LanguageModel) => (target: Session) =>
      headsDrafter({ target, heads: model.heads!, sampler, choice });
    return {
      draft: () =>
        draftModelDrafter({
          session: new Session(float64Backend, draft.transformer, null),
          ...{ vocabularySize: 16, sampler, choice },
        }),
      turbo: heads(turbo),
      medusa: heads(medusa),
    };
  }

  async function decoding(prompt: readonly number[], maxNewTokens: number) {
    const [{ transformer }] = await parts;
    return () => ({
      target: new Session(float64Backend, transformer, null),
      sampler,
      stop: stopCondition({ promptLength: prompt.length, maxNewTokens, contextLength: 64, eosTokens: [15] }),
    });
  }

  it.each<DrafterName>(['draft', 'turbo', 'medusa'])('writes the texts of the exact problem: %s', async (name) => {
    const prompt = name === 'draft' ? realization.prompt.tokens : realization.headsPrompt.tokens;
    const opening = name === 'draft' ? [] : [realization.prompt.tokens[1]!];
    const drafter = (await drafters())[name];
    const fresh = await decoding(prompt, opening.length + 3);
    const speculative = (parts: Decoding<Fraction>): Iterable<Step> =>
      decodeSpeculatively({ ...parts, rule: rejection, drafter: drafter(parts.target) }, prompt);
    const law = textLaw(fresh, speculative);
    expect(
      differingTexts(
        law,
        textLaw(fresh, (parts) => decodePlainly(parts, prompt)),
      ),
    ).toEqual([]);
    const { target } = problemFrom(realized.problems.get(name));
    expect(law.size).toBe(27);
    for (const [text, mass] of law) {
      const tokens = text.split(' ').map(Number).slice(opening.length);
      const expected = tokens.map((token, i) => target(tokens.slice(0, i))[token]!).reduce((a, b) => a.mul(b));
      expect(mass.equals(expected)).toBe(true);
    }
  });

  /** First rounds of many texts, as an engine would report them. */
  async function* rounds(name: DrafterName, count: number) {
    const prompt = name === 'draft' ? realization.prompt.tokens : realization.headsPrompt.tokens;
    const drafter = (await drafters())[name];
    const fresh = await decoding(prompt, 8);
    for (let seed = 0; seed < count; seed++) {
      const parts = {
        ...fresh(),
        arithmetic: float64,
        chance: sampled(seededTape(seed)),
        lift: (law: Float64Array) => law,
      };
      const steps = decodeSpeculatively({ ...parts, rule: rejection, drafter: drafter(parts.target) }, prompt);
      for (const { drafted, parents, accepted, emitted } of steps) {
        if (name !== 'draft' && drafted.length === 0) continue; // the pass that emits the start token
        yield { drafted, parents, accepted, emitted };
        break;
      }
    }
  }

  it.each<DrafterName>(['draft', 'turbo', 'medusa'])(
    'plays rounds that pass the audit, and no other: %s',
    async (name) => {
      const exact = problemFrom(realized.problems.get(name));
      const judged = audit(exact, rejection, { faults: [] });
      const other = audit({ ...exact, target: () => exact.target([0]) }, rejection, { faults: [] });
      for await (const round of rounds(name, 800)) {
        judged.observe(round);
        other.observe(round);
      }
      expect(judged.hasAlarm).toBe(false);
      expect(other.hasAlarm).toBe(true);
    },
  );
});
