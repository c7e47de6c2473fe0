import { FormatError, MismatchError, UnsupportedError } from '../../../src/errors.ts';
import { readTransformer } from '../../../src/formats/checkpoint/transformer.ts';
import { llamaArchitecture } from '../../../src/formats/families/llama-layout.ts';
import { Fields } from '../../../src/formats/fields.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { readEosTokens } from '../../../src/formats/generation-config.ts';
import { APPLIED_KEYS } from '../../../src/formats/generation-keys.ts';
import { readHeads } from '../../../src/formats/lorax-heads.ts';
import { LORA_RULES, readUpdates, refuseOthers, targetedIn } from '../../../src/formats/peft/adapter.ts';
import { readLoraConfig } from '../../../src/formats/peft/config.ts';
import { type TensorRules, type TensorSource, type Tensors, tensorHeaders } from '../../../src/formats/tensors.ts';
import { NO_DEFAULTS, withDefaults } from '../../../src/language-model/defaults.ts';
import { smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';
import { folderWith } from './folders.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Tensors of these shapes, of which nobody reads a number. */
function sourceOf(shapes: Shapes, dtype = 'F32'): TensorSource {
  const entries = Object.entries(shapes).map(([name, shape]) => [name, { dtype, shape, start: 0, end: 0 }] as const);
  return {
    tensors: new Map(entries) as TensorSource['tensors'],
    labelOf: (name) => `file: ${name}`,
    read: () => never(),
  };
}

function never(): never {
  throw new Error('headers are enough');
}

const BROKEN: TensorRules = {
  missing: { error: FormatError, because: '' },
  misfit: { error: FormatError, because: '' },
};
const MISFIT: TensorRules = { ...BROKEN, misfit: { error: MismatchError, because: '' } };
const headers = (shapes: Shapes, rules = BROKEN): Tensors<unknown> => tensorHeaders(sourceOf(shapes), rules);

const layerless = { ...smallConfig, windows: [], layers: 0, vocabularySize: 3, hiddenSize: 2 };
const tables = { 'model.embed_tokens.weight': [3, 2], 'lm_head.weight': [3, 2], 'model.norm.weight': [2] };
const transformer = (shapes: Shapes, shape = layerless) =>
  readTransformer(llamaArchitecture(shape), headers(shapes), { same: () => false, transposed: (weight) => weight });

const heads = { heads: 1, layers: 1, baseName: null, version: null } as unknown as Parameters<typeof readHeads>[1];
const sizes = { hiddenSize: 2, vocabularySize: 3 };
const head = { '0.0.linear.weight': [2, 2], '0.0.linear.bias': [2] };

const lora = readLoraConfig('adapter_config.json', { peft_type: 'LORA', target_modules: ['q_proj'], r: 2 });
const A = 'base_model.model.q_proj.lora_A.weight';
const paths = new Set(['q_proj']);

const refused = [new UnsupportedError('num_beams', '1', '4')];
const maxLength = { option: 'maxLength', key: 'max_length', value: 3, source: 'generation_config.json' } as const;

export const tensors: Calls = {
  'formats/tensors Tensors.read': {
    FormatError: () => headers({}).read('a', [1]),
    MismatchError: () => headers({ a: [2] }, MISFIT).read('a', [1]),
    UnsupportedError: () => tensorHeaders(sourceOf({ a: [1] }, 'I32'), BROKEN).read('a', [1]),
  },
  'formats/checkpoint/transformer readTransformer': {
    FormatError: () => transformer({}),
    UnsupportedError: () => transformer({ ...tables, 'model.extra.weight': [1] }),
    ConflictError: () => transformer(tables, { ...layerless, tiedEmbeddings: true }),
  },
  'formats/families/llama-layout llamaArchitecture': {
    NonFiniteError: () => llamaArchitecture({ ...layerless, rope: { theta: 0, scaling: { type: 'default' } } }),
  },
  'formats/lorax-heads readHeads': {
    FormatError: () => readHeads('config.json', heads, headers({}, MISFIT), sizes),
    MismatchError: () => readHeads('config.json', heads, headers({ ...head, '0.0.linear.bias': [3] }, MISFIT), sizes),
    UnsupportedError: () => readHeads('config.json', { ...heads, layers: 2 }, headers(head, MISFIT), sizes),
  },
  'formats/peft/adapter readUpdates': {
    MismatchError: () => readUpdates(lora, headers({}, LORA_RULES), new Map([['q_proj', [2, 2]]])),
  },
  'formats/peft/adapter refuseOthers': {
    MismatchError: () => refuseOthers(headers({ [A]: [2, 2] }), new Set()),
    UnsupportedError: () => refuseOthers(headers({ sparkle: [1] }), paths),
  },
  'formats/peft/adapter targetedIn': { MismatchError: () => targetedIn(lora, sourceOf({})) },
  'formats/generation-config readEosTokens': {
    FormatError: () => readEosTokens(folderAt(folderWith({ 'generation_config.json': '{"eos_token_id":99}' })), 11),
  },
  'formats/generation-keys AppliedKey.read': {
    FormatError: () => APPLIED_KEYS.top_k!.read(new Fields('generation_config.json', { top_k: 'x' }), 'top_k', 11),
  },
  'language-model/defaults withDefaults': {
    UnsupportedError: () => withDefaults({ ...NO_DEFAULTS, refused }, {}, 1),
    ContextLimitError: () => withDefaults({ ...NO_DEFAULTS, applied: [maxLength] }, {}, 3),
  },
};
