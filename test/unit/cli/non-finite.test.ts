/** Folders whose numbers are finite but overflow in use: an error that says where, exit code 2, nothing on stdout. */
import { beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import {
  adapterTensors,
  configJson,
  subfolder,
  temporaryFolder,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeLora,
} from '../../support/format-folders.ts';
import { randomAdapter, randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();
const [good, stretched, huge] = ['good', 'stretched', 'huge'].map((name) => subfolder(root, name)) as [
  string,
  string,
  string,
];
const model = randomModel(1, tinyConfig);
const LINEARS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj', 'lm_head'];

beforeAll(() => {
  writeCheckpoint(good, tensorsOf(model));
  const config = { ...configJson(), rope_scaling: { rope_type: 'linear', factor: 1e-320 } };
  writeCheckpoint(stretched, tensorsOf(model), config);
  writeLora(huge, adapterTensors(randomAdapter(3, model)), { target_modules: LINEARS, lora_alpha: 1e308 });
});

describe.each([
  ['logits', '--json'],
  ['logits', '--position', 'all'],
  ['generate', '--json'],
])('%s %s', (command, ...options) => {
  it.each<[string, () => string[], RegExp]>([
    ['a rope factor of 1e-320', () => ['--model', stretched], /rotary frequencies of type linear.*NonFiniteError/s],
    ['a lora_alpha of 1e308', () => ['--model', good, '--adapter', huge], /row 0: expected .*NonFiniteError/s],
    ['the same, merged', () => ['--model', good, '--adapter', huge, '--merge'], /row 0: expected .*NonFiniteError/s],
  ])('%s', async (_, folders, message) => {
    const { code, stdout, stderr } = await commandLine(command, ...folders(), '--tokens', '1,2', ...options);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});
