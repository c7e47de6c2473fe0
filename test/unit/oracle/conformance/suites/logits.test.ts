/** The suite of logits on engines that are right, wrong in known ways, and wrong in any other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderAt } from '../../../../../src/formats/folder/node.ts';
import { writeSafetensors } from '../../../../../src/formats/safetensors/node.ts';
import { stored } from '../../../../../src/numerics/stored.ts';
import type { JudgedCase } from '../../../../../src/oracle/conformance/conform-case.ts';
import type { Engine } from '../../../../../src/oracle/conformance/engine.ts';
import { judge } from '../../../../../src/oracle/conformance/judge.ts';
import { configuredModel } from '../../../../../src/oracle/conformance/model-faults/configured-model.ts';
import { MODEL_FAULTS } from '../../../../../src/oracle/conformance/model-faults/model-faults.ts';
import type { LogitsQuestion } from '../../../../../src/oracle/conformance/operations/logits.ts';
import { partVerdicts } from '../../../../../src/oracle/conformance/part-verdict.ts';
import { casesOf } from '../../../../../src/oracle/conformance/suites/suites.ts';
import { emulatedLogits, exactLogits } from '../../../../../src/oracle/noise/emulated-logits.ts';
import { ENGINE_DTYPES, roundTo } from '../../../../../src/oracle/noise/formats.ts';
import { ALLOWED_NOISE } from '../../../../../src/oracle/noise/noise.ts';
import { hexRows } from '../../../../../src/oracle/vectors/hex-tensor.ts';
import { committed, engineOf, ownEngine } from '../../../../support/own-engines.ts';
import { numbersFrom } from '../../../../support/random-model.ts';

const all = casesOf(committed, ['logits']);

/** Judges the goldens of a part, or some of them. Cases are used again: they know their noise. */
async function judged(
  engine: Engine,
  part: string,
  dtype = 'float64',
  goldens?: readonly string[],
): Promise<JudgedCase[]> {
  const cases = all.filter((test) => test.part === part && (goldens === undefined || goldens.includes(test.flags[0]!)));
  const outcomes: JudgedCase[] = [];
  for await (const each of judge(engine, cases, dtype)) outcomes.push(each);
  return outcomes;
}
const kinds = (cases: readonly JudgedCase[]) => [...new Set(cases.map(({ outcome }) => outcome.kind))];
const largest = (cases: readonly JudgedCase[]) =>
  Math.max(...cases.map(({ outcome }) => ('noise' in outcome ? (outcome.noise ?? 0) : 0)));

/** Answers with what `of` makes of the exact logits. */
const answering = (of: (rows: Float64Array[], question: LogitsQuestion) => object): Engine =>
  engineOf((request) => {
    if (request.op !== 'logits') return { id: request.id, unsupported: true, reason: 'only logits' };
    const { id, model, adapter, tokens } = request;
    const rows = exactLogits(configuredModel(folderAt(model), adapter === null ? null : folderAt(adapter)), tokens);
    return { id, outputs: of(rows, request) };
  });
const asLogits = (rows: readonly ArrayLike<number>[]) => ({ logits: hexRows(rows, rows[0]!.length) });

describe('a correct engine passes', () => {
  it('in float64: this package, on every part', async () => {
    const parts = [...new Set(all.map(({ part }) => part))];
    expect(parts.length).toBeGreaterThan(10);
    for (const part of parts) {
      const cases = await judged(ownEngine(), part);
      expect(kinds(cases)).toEqual(['pass']);
      expect(largest(cases)).toBeLessThan(ALLOWED_NOISE / 2);
    }
  });

  it.each(ENGINE_DTYPES)('that computes in %s, in no order that is emulated', async (dtype) => {
    // The emulated arithmetic with another order and coarser steps: each exponential is off by two more units.
    const engine = engineOf((request) => {
      if (request.op !== 'logits') return { id: request.id, unsupported: true, reason: 'only logits' };
      const { id, model, adapter, tokens } = request;
      const base = configuredModel(folderAt(model), adapter === null ? null : folderAt(adapter));
      const ways = emulatedLogits(base, tokens, dtype);
      const draw = numbersFrom(7);
      const mixed = ways[0]!.map((row, t) =>
        row.map((x, v) => roundTo(dtype)(x + (ways[1]![t]![v]! - x) * draw(1, 2)[0]!)),
      );
      return { id, outputs: asLogits(mixed) };
    });
    const cases = await judged(engine, 'qwen2', dtype);
    expect(kinds(cases)).toEqual(['pass']);
  });

  it('that answers with log-probabilities, in float32, or in a file', async () => {
    const logs = (rows: Float64Array[]) =>
      rows.map((row) => {
        const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
        return row.map((z) => z - total);
      });
    const logProbabilities = answering((rows) => ({ logProbabilities: asLogits(logs(rows)).logits }));
    expect(kinds(await judged(logProbabilities, 'cohere'))).toEqual(['pass']);
    expect(
      kinds(
        await judged(
          answering((rows) => asLogits(logs(rows))),
          'cohere',
        ),
      ),
    ).toEqual(['fail']);
    const float32 = answering((rows) => {
      const hex = rows.map((row) => Buffer.from(Float32Array.from(row).buffer).toString('hex')).join('');
      return { logits: { dtype: 'F32', shape: [rows.length, rows[0]!.length], hex } };
    });
    expect(kinds(await judged(float32, 'cohere', 'float32'))).toEqual(['pass']);
  });
});

describe('a known fault of models or adapters', () => {
  /** Where each shows: some parts, the first of which must. */
  const SHOWN: Readonly<Record<string, string>> = {
    ...{ 'rope-scaling-ignored': 'llama', 'rope-factor-eight': 'llama', 'rope-amplitude-ignored': 'llama' },
    ...{ 'rope-wrong-pairs': 'qwen2', 'rope-whole-head': 'phi3', 'positions-zero': 'gpt2', 'positions-late': 'gpt2' },
    ...{ 'window-one-wider': 'mistral', 'window-ignored': 'mistral', 'soft-caps-ignored': 'gemma2' },
    ...{ 'score-scale-by-head-size': 'gemma2', 'logit-scale-ignored': 'cohere', 'embedding-scale-ignored': 'gemma2' },
    ...{ 'head-norms-ignored': 'qwen3', 'norm-gain-without-one': 'gemma2', 'attention-bias-ignored': 'qwen2' },
    'expert-weights-not-normalised': 'mixtral',
  };

  /** Of the parts with many goldens. */
  const FEW: Readonly<Record<string, readonly string[]>> = {
    adapters: [
      'lora-plain',
      'lora-rslora',
      'lora-patterns',
      'lora-lm-head',
      'lora-lm-head-rounded',
      'lora-layers-pattern',
    ],
    llama: ['llama-mqa', 'llama-rope-linear', 'llama-rope-llama3-v4', 'llama-rope-yarn-factor'],
  };

  it.each([...MODEL_FAULTS.keys()])('%s is caught, and named first', async (name) => {
    const part = SHOWN[name] ?? 'adapters';
    const cases = await judged(ownEngine(name), part, 'float32', FEW[part]);
    const [verdict] = partVerdicts(cases);
    expect(verdict!.failed).toBeGreaterThan(0);
    expect(verdict!.explanations[0]).toEqual({ kind: 'fault', name });
    expect(Math.min(...cases.filter(({ outcome }) => outcome.kind === 'fail').map(noiseOf))).toBeGreaterThan(100);
  });
  const noiseOf = ({ outcome }: JudgedCase) => ('noise' in outcome ? outcome.noise! : 0);
});

describe('an engine with an unknown fault is caught, and nothing is named', () => {
  const WRONG: readonly [string, (rows: Float64Array[]) => readonly ArrayLike<number>[]][] = [
    ['a thousandth too much', (rows) => rows.map((row) => row.map((z) => 1.001 * z))],
    ['rows one late', (rows) => [rows[0]!, ...rows.slice(0, -1)]],
    ['one row of zeros', (rows) => rows.map((row, t) => (t === 20 ? row.map(() => 0) : row))],
    ['tokens reversed', (rows) => rows.map((row) => row.toReversed())],
    ['one number wrong', (rows) => rows.map((row, t) => row.map((z, v) => (t === 31 && v === 47 ? z + 0.001 : z)))],
    ['NaN', (rows) => rows.map((row, t) => row.map((z, v) => (t + v === 7 ? Number.NaN : z)))],
    ['infinity', (rows) => rows.map((row) => row.map((z, v) => (v === 3 ? Number.POSITIVE_INFINITY : z)))],
    ['one row less', (rows) => rows.slice(1)],
    ['one token less', (rows) => rows.map((row) => row.slice(1))],
    ['one row for all', (rows) => [rows.at(-1)!]],
  ];

  it.each(WRONG)('%s', async (_, of) => {
    const cases = await judged(
      answering((rows) => asLogits(of(rows))),
      'qwen2',
      'float32',
    );
    expect(kinds(cases)).toEqual(['fail']);
    expect(partVerdicts(cases)[0]!.explanations).toEqual([]);
    for (const { outcome } of cases) expect(JSON.parse(JSON.stringify(outcome))).toMatchObject({ kind: 'fail' });
  });

  it('too few digits, and files that are missing, cut, of another shape, or hold NaN', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'answers-'));
    const path = (name: string) => join(folder, name);
    const file = (name: string, numbers: Float32Array, shape: number[]) => {
      writeSafetensors(path(name), new Map([['logits', stored('logits', 'F32', numbers, shape)]]));
      return { logits: { safetensors: path(name), name: 'logits' } };
    };
    const flat = (rows: Float64Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));
    const answers: [string, (rows: Float64Array[]) => object][] = [
      ['pass', (rows) => file('right', flat(rows), [rows.length, 48])],
      ['fail', (rows) => file('flat', flat(rows), [rows.length * 48])],
      ['fail', (rows) => file('nan', flat(rows).fill(Number.NaN, 5, 6), [rows.length, 48])],
      [
        'fail',
        (rows) => ({
          ...file('other', flat(rows), [rows.length, 48]),
          logits: { safetensors: path('other'), name: 'x' },
        }),
      ],
      ['fail', () => ({ logits: { safetensors: path('none'), name: 'logits' } })],
      ['fail', () => ({ logits: { safetensors: folder, name: 'logits' } })],
      ['fail', (rows) => ({ logits: { ...asLogits(rows).logits, hex: '' } })],
      ['broken', () => ({ logits: [1, 2] })],
      ['broken', () => ({})],
    ];
    for (const [kind, of] of answers) {
      const cases = await judged(answering(of), 'qwen3', 'float32');
      expect([`${of}`, kinds(cases)]).toEqual([`${of}`, [kind]]);
    }
    rmSync(folder, { recursive: true });
  });

  it('of an unknown number format nothing is decided', async () => {
    expect(kinds(await judged(ownEngine(), 'qwen3', 'int8'))).toEqual(['undecided']);
  });
});
