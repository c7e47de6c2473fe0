/**
 * Broken model and adapter folders at the command line: the error names what is wrong, exit code 2, nothing printed.
 */
import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspectFolder } from '../../../src/formats/node/by-path.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { commandLine } from '../../support/command-line.ts';
import {
  adapterTensors,
  configJson,
  subfolder,
  temporaryFolder,
  tensorsOf,
  tinyConfig,
  writeCheckpoint,
  writeJson,
  writeLora,
} from '../../support/format-folders.ts';
import { randomAdapter, randomModel } from '../../support/random-model.ts';

const root = temporaryFolder();
const good = subfolder(root, 'good-1b');
const model = randomModel(1, tinyConfig);
const tensors = tensorsOf(model);
const weights = (folder: string): string => join(folder, 'model.safetensors');
const NORM = 'model.norm.weight';
const LINEARS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj', 'lm_head'];

beforeAll(() => writeCheckpoint(good, tensors));

/** A copy of the good checkpoint, broken by `change`. */
type Breakage = (folder: string) => void;

const bytes = (change: (content: Buffer) => Buffer): Breakage => {
  return (folder) => writeFileSync(weights(folder), change(readFileSync(weights(folder))));
};
const header = (change: (json: string) => string): Breakage => {
  return bytes((content) => {
    const length = Number(content.readBigUInt64LE());
    const json = Buffer.from(change(content.subarray(8, 8 + length).toString()));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([prefix, json, content.subarray(8 + length)]);
  });
};
const config = (change: Record<string, unknown>): Breakage => {
  return (folder) => writeJson(folder, 'config.json', { ...configJson(), ...change });
};
const tensor = (name: string, data: number[], shape: number[]): Breakage => {
  return (folder) => {
    const changed = new Map(tensors).set(name, stored(name, 'F64', Float64Array.from(data), shape));
    writeCheckpoint(folder, changed);
  };
};
const indexed = (shard: string): Breakage => {
  return (folder) => {
    rmSync(weights(folder));
    copyFileSync(weights(good), join(root, 'outside.safetensors'));
    const map = Object.fromEntries([...tensors.keys()].map((name) => [name, shard]));
    writeJson(folder, 'model.safetensors.index.json', { weight_map: map });
  };
};

const broken: [name: string, breakage: Breakage, message: RegExp][] = [
  ['no config.json', (folder) => rmSync(join(folder, 'config.json')), /config\.json.*MissingFileError/],
  ['no weights', (folder) => rmSync(weights(folder)), /MissingFileError/],
  [
    'weights as a pickle',
    (folder) => renameSync(weights(folder), join(folder, 'pytorch_model.bin')),
    /pickle.*UnsupportedError/,
  ],
  ['truncated weights', bytes((content) => content.subarray(0, content.length - 8)), /model\.safetensors.*FormatError/],
  ['an empty file', bytes(() => Buffer.alloc(0)), /model\.safetensors.*FormatError/],
  [
    'a header length of 2^60',
    bytes((content) => {
      content.writeBigUInt64LE(2n ** 60n);
      return content;
    }),
    /model\.safetensors.*FormatError/,
  ],
  [
    'overlapping tensors',
    header((json) =>
      json.replace(/"data_offsets":\[(\d+),(\d+)\]/, (_, a, b) => `"data_offsets":[${a},${Number(b) + 8}]`),
    ),
    /model\.safetensors.*FormatError/,
  ],
  ['a header that is not JSON', header((json) => `{${json}`), /model\.safetensors.*FormatError/],
  ['integer weights', header((json) => json.replace('"F64"', '"I64"')), /I64.*UnsupportedError/],
  ['a NaN weight', tensor(NORM, Array(12).fill(Number.NaN), [12]), /model\.norm\.weight.*NonFiniteError/],
  ['a wrong shape', tensor(NORM, Array(11).fill(1), [11]), /model\.norm\.weight.*\[12\].*\[11\]/],
  ['an unknown tensor', tensor('model.extra.weight', [1], [1]), /model\.extra\.weight.*UnsupportedError/],
  ['a shard outside the folder', indexed('../outside.safetensors'), /outside\.safetensors.*FormatError/],
  ['a missing shard', indexed('gone.safetensors'), /gone\.safetensors.*MissingFileError/],
  [
    'an unknown architecture',
    config({ model_type: 'falcon', architectures: ['FalconForCausalLM'] }),
    /falcon.*UnsupportedError/,
  ],
  [
    'an unknown rope type',
    config({ rope_scaling: { rope_type: 'longrope', factor: 2 } }),
    /longrope.*UnsupportedError/,
  ],
  ['an unknown config key', config({ attention_sinks: 4 }), /attention_sinks.*UnsupportedError/],
  ['a billion layers', config({ num_hidden_layers: 1e9 }), /num_hidden_layers.*Error/],
  [
    'a config that is not JSON',
    (folder) => writeFileSync(join(folder, 'config.json'), '{'),
    /config\.json.*FormatError/,
  ],
  [
    'a tokenizer that is not JSON',
    (folder) => writeFileSync(join(folder, 'tokenizer.json'), '['),
    /tokenizer\.json.*FormatError/,
  ],
];

const adapters: [name: string, write: (folder: string) => void, message: RegExp][] = [
  [
    'an adapter for a larger base',
    (folder) => {
      const larger = randomModel(2, { ...tinyConfig, hiddenSize: 16 });
      writeLora(folder, adapterTensors(randomAdapter(3, larger)), { target_modules: LINEARS });
    },
    /MismatchError/,
  ],
  [
    'an adapter of modules that the base lacks',
    (folder) => writeLora(folder, adapterTensors(randomAdapter(3, model)), { target_modules: ['c_attn'] }),
    /MismatchError/,
  ],
  [
    'an unsupported PEFT option',
    (folder) => writeLora(folder, adapterTensors(randomAdapter(3, model)), { target_modules: LINEARS, use_dora: true }),
    /use_dora.*UnsupportedError/,
  ],
  [
    'an unknown PEFT option',
    (folder) => writeLora(folder, adapterTensors(randomAdapter(3, model)), { target_modules: LINEARS, sparkle: 1 }),
    /sparkle.*UnsupportedError/,
  ],
];

describe('a broken folder', () => {
  for (const [name, breakage, message] of broken) {
    it(`${name} is refused`, async () => {
      const folder = subfolder(root, name.replace(/\W+/g, '-'));
      cpSync(good, folder, { recursive: true });
      breakage(folder);
      await refused(['--model', folder], message);
      // Only the weights themselves can tell that one of them is not a number.
      if (name !== 'a NaN weight') expect(problemsOf(folder).join('\n')).toMatch(/expected .*, got /);
    });
  }
  for (const [name, write, message] of adapters) {
    it(`${name} is refused`, async () => {
      const folder = subfolder(root, name.replace(/\W+/g, '-'));
      write(folder);
      await refused(['--model', good, '--adapter', folder], message);
    });
  }

  it('while the good ones decode, an adapter of another base name with a warning', async () => {
    const folder = subfolder(root, 'adapter');
    const options = { target_modules: LINEARS, base_model_name_or_path: 'somebody/else-7B' };
    writeLora(folder, adapterTensors(randomAdapter(3, model)), options);
    const result = await commandLine(
      'generate',
      '--model',
      good,
      '--adapter',
      folder,
      '--tokens',
      '1,2',
      '--max-new-tokens',
      '2',
      '--json',
    );
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/^warning: .*somebody\/else-7B, used on good-1b.*\n$/);
    expect(JSON.parse(result.stdout).tokens.length).toBe(2);
  });
});

/** What `inspect` finds wrong with a folder. */
function problemsOf(folder: string): readonly string[] {
  try {
    return inspectFolder(folder).problems;
  } catch (error) {
    return [(error as Error).message];
  }
}

async function refused(folders: string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await commandLine(
    'generate',
    ...folders,
    '--tokens',
    '1,2',
    '--max-new-tokens',
    '2',
  );
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(2);
  expect(stdout).toBe('');
}
