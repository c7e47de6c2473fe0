/**
 * Logits, states and greedy texts against PyTorch: every case of fixtures/goldens that holds a checkpoint. The expected
 * values are float64 outputs of transformers and PEFT (fixtures/generators/goldens); their tolerance is part of the
 * case.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../src/formats/safetensors/node.ts';
import type { SafetensorsFile } from '../../src/formats/safetensors/reader.ts';
import type { LanguageModel } from '../../src/language-model/language-model.ts';
import { load } from '../../src/language-model/node.ts';
import { KeyValueCache } from '../../src/model/cache.ts';
import { forward, languageModelHead } from '../../src/model/forward.ts';
import { Session } from '../../src/model/session.ts';
import { type Stored, widened } from '../../src/numerics/stored.ts';
import { rowsOf, type Tensor } from '../../src/numerics/tensor.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { float64Ops } from '../../src/ops/float64/index.ts';
import { largestMagnitude, worstDifference } from '../support/compare.ts';

interface Greedy {
  prompt: number[];
  new_tokens: number[];
  margin: number;
}

interface Case {
  id: string;
  comment: string;
  folders: { base: string; adapters: string[]; heads?: string };
  requests?: { adapter: string | null }[];
  adapted_modules?: Record<string, Record<string, { r: number; scale: number }>>;
  tokens: number[][];
  greedy: Greedy | Greedy[];
  tolerance: { rtol_of_largest_logit: number };
}

const root = new URL('../../fixtures/goldens/', import.meta.url).pathname;
const cases = readdirSync(root).filter((name) => existsSync(join(root, name, 'case.json')));

describe('goldens', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  for (const name of cases) {
    const golden = JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as Case;
    it(`${golden.id}: ${golden.comment}`, async () => {
      const folder = join(root, name);
      const expected = openSafetensors(join(folder, 'expected.safetensors'));
      const check = (label: string, actual: Float64Array, slice = 0, of = 1): void => {
        const all = widened(expected.read(label));
        const part = all.subarray((slice * all.length) / of, ((slice + 1) * all.length) / of);
        const bound = golden.tolerance.rtol_of_largest_logit * largestMagnitude(part);
        const worst = worstDifference(actual, part, bound);
        expect(worst.ofBound, `${label}: ${JSON.stringify(worst)}`).toBeLessThanOrEqual(1);
      };
      if (golden.requests === undefined) await checkSingle(golden, folder, expected, check);
      else await checkBatch(golden, folder, check);
      expected.close();
    });
  }
});

type Check = (label: string, actual: Float64Array, slice?: number, of?: number) => void;

async function checkSingle(golden: Case, folder: string, expected: SafetensorsFile, check: Check): Promise<void> {
  const base = join(folder, golden.folders.base);
  const adapter = golden.folders.adapters[0] ?? golden.folders.heads;
  const model = await load(base, adapter === undefined ? {} : { adapter: join(folder, adapter) });
  const tokens = golden.tokens[0]!;
  const { hidden, logits } = flatRead(model, tokens);
  check('hidden', hidden);
  check('logits', logits);
  if (expected.tensors.has('logits_base')) check('logits_base', flatRead(await load(base), tokens).logits);
  if (expected.tensors.has('logits_merged')) {
    const merged = await load(base, { adapter: join(folder, adapter!), merge: true });
    check('logits_merged', flatRead(merged, tokens).logits);
  }
  if (expected.tensors.has('heads')) {
    const { heads } = await model.logits(tokens);
    heads.forEach((rows, i) => {
      check('heads', concatenated(rows), i, heads.length);
    });
  }
  checkScales(golden, folder, model);
  const { prompt, new_tokens } = golden.greedy as Greedy;
  const options = { maxNewTokens: new_tokens.length, eosTokens: [] };
  expect((await model.complete(prompt, { ...options, draft: 'none' })).tokens).toEqual(new_tokens);
  expect((await model.complete(prompt, { ...options, draft: 'lookup' })).tokens).toEqual(new_tokens);
  if (model.heads === null) return;
  expect((await model.complete(prompt, { ...options, draft: 'turbo' })).tokens).toEqual(new_tokens);
}

/** The requests of one batch, each row with its own adapter or none. */
async function checkBatch(golden: Case, folder: string, check: Check): Promise<void> {
  const base = join(folder, golden.folders.base);
  const { transformer } = await load(base);
  const models = await Promise.all(
    golden.requests!.map(({ adapter }) => load(base, adapter === null ? {} : { adapter: join(folder, adapter) })),
  );
  const segments = models.map(({ adapter }, i) => {
    return { cache: new KeyValueCache<Tensor>(float64Ops, transformer), tokens: golden.tokens[i]!, adapter };
  });
  const hidden = forward(float64Ops, transformer, segments);
  const lanes = segments.map(({ tokens, adapter }) => ({ rows: tokens.length, adapter }));
  check('hidden', rowsOf('hidden', hidden).data);
  check('logits', rowsOf('logits', languageModelHead(float64Ops, transformer, hidden, lanes)).data);
  for (const [i, model] of models.entries()) {
    const { prompt, new_tokens } = (golden.greedy as Greedy[])[i]!;
    const completion = await model.complete(prompt, { maxNewTokens: new_tokens.length, eosTokens: [] });
    expect(completion.tokens).toEqual(new_tokens);
  }
}

/** PEFT's own list of adapted modules, with rank and scale. */
function checkScales(golden: Case, folder: string, model: LanguageModel): void {
  const adapter = golden.folders.adapters[0];
  if (adapter === undefined || golden.adapted_modules === undefined) return;
  const expected = Object.entries(golden.adapted_modules[adapter]!);
  expect(expected.length, folder).toBeGreaterThan(0);
  const updates = [...model.adapter!.updates].map(([path, { a, scale }]) => [
    path,
    { r: (a as Stored).shape[0], scale },
  ]);
  expect(updates.sort()).toEqual(expected.sort());
}

function flatRead(model: LanguageModel, tokens: readonly number[]): { hidden: Float64Array; logits: Float64Array } {
  const rows = new Session(float64Backend, model.transformer, model.adapter).read(tokens);
  return { hidden: rowsOf('hidden', rows.hidden).data, logits: concatenated(tokens.map((_, t) => rows.logits(t))) };
}

function concatenated(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
