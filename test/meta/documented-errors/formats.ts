import { join } from 'node:path';
import { adapterParts, loadAdapterFolder } from '../../../src/formats/adapter-folder.ts';
import { renderHere } from '../../../src/formats/chat-template/here.ts';
import { renderInProcess } from '../../../src/formats/chat-template/node.ts';
import { hasChatTemplate, readChatTemplate, renderChats } from '../../../src/formats/chat-template.ts';
import { openCheckpoint } from '../../../src/formats/checkpoint/source.ts';
import { loadCheckpoint } from '../../../src/formats/checkpoint.ts';
import { readActivation } from '../../../src/formats/families/activation.ts';
import {
  attentionBias,
  noBias,
  noWindows,
  oneWindow,
  readLayerTypes,
  readLlamaShape,
  uniformWindows,
} from '../../../src/formats/families/family.ts';
import { gemmaArchitecture, readCap, readGemmaShape } from '../../../src/formats/families/gemma-layout.ts';
import { readArchitecture } from '../../../src/formats/families/index.ts';
import { readWindows } from '../../../src/formats/families/qwen2.ts';
import { readRope, readTurnedDimensions, readTurnedPart } from '../../../src/formats/families/rope.ts';
import { readHiddenAndHeads, readSize } from '../../../src/formats/families/sizes.ts';
import { Fields } from '../../../src/formats/fields.ts';
import { folderAt } from '../../../src/formats/folder/node.ts';
import { readGenerationConfig } from '../../../src/formats/generation-config.ts';
import { inspectFolder } from '../../../src/formats/inspect.ts';
import { loadHeads, readHeadsConfig } from '../../../src/formats/lorax-heads.ts';
import { loadLora } from '../../../src/formats/peft/adapter.ts';
import { readLoraConfig } from '../../../src/formats/peft/config.ts';
import { scaleRule, targetTest } from '../../../src/formats/peft/targets.ts';
import { configJson } from '../../support/format-folders.ts';
import { smallConfig } from '../../support/random-model.ts';
import type { Calls } from './calls.ts';
import {
  adapterWith,
  base,
  checkpointWith,
  folderWith,
  fullCheckpoint,
  headsWith,
  wideHeads,
  wideLora,
} from './folders.ts';

const gemma = { modelType: 'gemma2', contextLength: 8 };
const small = { ...smallConfig, windows: [], layers: 0 };
const missing = (): string => join(folderWith(), 'missing');
const fields = (object: Record<string, unknown>): Fields => new Fields('config.json', object);
const lora = (keys: Record<string, unknown> = {}) =>
  readLoraConfig('a', { peft_type: 'LORA', target_modules: ['x'], r: 2, ...keys });
const QUERY = 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight';
/** A pattern that takes cubic time, and a name that shows it. */
const slow = '(.*.*.*)*x'.repeat(20);
const long = 'a'.repeat(3000);
const user = [{ role: 'user', content: 'Hi' }];
const template = (source: string) => ({ label: 'template', source, specialTokens: {} });
const endless = '{% for a in range(1000000000) %}{% endfor %}';

export const formats: Calls = {
  'formats/adapter-folder adapterParts': { MissingFileError: () => adapterParts(folderAt(missing())) },
  'formats/adapter-folder loadAdapterFolder': {
    MissingFileError: () => loadAdapterFolder(folderAt(folderWith()), base),
    FormatError: () => loadAdapterFolder(folderAt(adapterWith({ r: 'two' })), base),
    UnsupportedError: () => loadAdapterFolder(folderAt(adapterWith({ sparkle: 1 })), base),
    MismatchError: () => loadAdapterFolder(folderAt(wideLora()), base),
    ConflictError: () => loadAdapterFolder(folderAt(adapterWith({ layers_pattern: ['layers'] })), base),
    NonFiniteError: () => loadAdapterFolder(folderAt(adapterWith({}, { [QUERY]: [Number.NaN] })), base),
  },
  'formats/chat-template readChatTemplate': {
    MissingFileError: () => readChatTemplate(folderAt(folderWith())),
    FormatError: () => readChatTemplate(folderAt(folderWith({ 'tokenizer_config.json': '{' }))),
    UnsupportedError: () =>
      readChatTemplate(
        folderAt(folderWith({ 'tokenizer_config.json': '{"chat_template":[{"name":"tool_use","template":"x"}]}' })),
      ),
  },
  'formats/chat-template hasChatTemplate': {
    FormatError: () => hasChatTemplate(folderAt(folderWith({ 'tokenizer_config.json': '{' }))),
  },
  'formats/chat-template renderChats': {
    FormatError: () => renderChats(template('{% for'), [user], renderHere),
  },
  'formats/chat-template/here renderHere': { FormatError: () => renderHere('template', '{% for', [{}]) },
  'formats/chat-template/node renderInProcess': {
    FormatError: () => renderInProcess('template', '{% for', [{}]),
    UnsupportedError: () => renderInProcess('template', endless, [{}], { seconds: 0.5 }),
  },
  'formats/checkpoint loadCheckpoint': {
    MissingFileError: () => loadCheckpoint(folderAt(folderWith())),
    FormatError: () => loadCheckpoint(folderAt(checkpointWith({ hidden_size: 'twelve' }))),
    UnsupportedError: () => loadCheckpoint(folderAt(checkpointWith({ attention_sinks: 4 }))),
    ConflictError: () => loadCheckpoint(folderAt(checkpointWith({ tie_word_embeddings: true }))),
    NonFiniteError: () => loadCheckpoint(folderAt(fullCheckpoint({ 'model.norm.weight': [Number.NaN] }))),
  },
  'formats/checkpoint/source openCheckpoint': {
    UnsupportedError: () => openCheckpoint(folderAt(folderWith({ 'pytorch_model.bin': '' }))),
    MissingFileError: () => openCheckpoint(folderAt(folderWith())),
    FormatError: () => openCheckpoint(folderAt(folderWith({ 'model.safetensors.index.json': '{}' }))),
  },
  'formats/families/activation readActivation': {
    UnsupportedError: () => readActivation(fields({ act: 'quick_gelu' }), 'act', 'gelu'),
    FormatError: () => readActivation(fields({ act: 1 }), 'act', 'gelu'),
  },
  'formats/families/sizes readSize': {
    ConflictError: () => readSize(fields({ n_embd: 8, hidden_size: 4 }), ['n_embd', 'hidden_size'], 'size'),
    FormatError: () => readSize(fields({}), ['n_embd'], 'size'),
  },
  'formats/families/sizes readHiddenAndHeads': {
    FormatError: () => readHiddenAndHeads(fields({ d: 7, h: 2 }), ['d'], ['h']),
    ConflictError: () => readHiddenAndHeads(fields({ d: 8, e: 4, h: 2 }), ['d', 'e'], ['h']),
  },
  'formats/families/family readLlamaShape': {
    FormatError: () => readLlamaShape(fields({}), {} as never),
    UnsupportedError: () => readArchitecture('config.json', { ...configJson(), hidden_act: 'relu' }),
  },
  'formats/families/family readLayerTypes': {
    FormatError: () => readLayerTypes(fields({ layer_types: [] }), 1),
    UnsupportedError: () => readLayerTypes(fields({ layer_types: ['linear_attention'] }), 1),
  },
  'formats/families/family uniformWindows': {
    UnsupportedError: () => uniformWindows(fields({ layer_types: ['sliding_attention'] }), 1, null),
    FormatError: () => uniformWindows(fields({ layer_types: [] }), 1, null),
  },
  'formats/families/qwen2 readWindows': {
    FormatError: () => readWindows(fields({ layer_types: ['sliding_attention'] }), 1),
  },
  'formats/families/gemma-layout readGemmaShape': {
    FormatError: () => readGemmaShape(fields({}), gemma, () => true),
    UnsupportedError: () => readGemmaShape(fields({ use_bidirectional_attention: true }), gemma, () => true),
  },
  'formats/families/gemma-layout readCap': { FormatError: () => readCap(fields({ cap: 0 }), 'cap', null) },
  'formats/families/gemma-layout gemmaArchitecture': {
    FormatError: () => gemmaArchitecture(fields({ query_pre_attn_scalar: 0 }), small, null, (attention) => attention),
    NonFiniteError: () =>
      gemmaArchitecture(
        fields({}),
        { ...small, rope: { theta: 0, scaling: { type: 'default' } } },
        null,
        (attention) => attention,
      ),
  },
  'formats/families/index readArchitecture': {
    UnsupportedError: () => readArchitecture('config.json', { ...configJson(), model_type: 'sparkle' }),
    FormatError: () => readArchitecture('config.json', {}),
    ConflictError: () =>
      readArchitecture('config.json', {
        ...configJson(),
        rope_scaling: { type: 'linear', rope_type: 'yarn', factor: 2 },
      }),
  },
  'formats/families/family noWindows': {
    UnsupportedError: () => noWindows(fields({ sliding_window: 4 }), 2),
    FormatError: () => noWindows(fields({ layer_types: [] }), 2),
  },
  'formats/families/family oneWindow': {
    UnsupportedError: () => oneWindow(4)(fields({ layer_types: ['full_attention'] }), 1, 64),
    FormatError: () => oneWindow(null)(fields({ sliding_window: 0 }), 1, 64),
  },
  'formats/families/family noBias': { UnsupportedError: () => noBias(fields({ attention_bias: true })) },
  'formats/families/family attentionBias': { UnsupportedError: () => attentionBias(fields({ mlp_bias: true })) },
  'formats/families/rope readRope': {
    ConflictError: () => readRope(fields({ rope_scaling: { type: 'linear', rope_type: 'yarn', factor: 2 } }), 64),
    UnsupportedError: () => readRope(fields({ rope_scaling: { rope_type: 'dynamic' } }), 64),
    FormatError: () => readRope(fields({ rope_scaling: { rope_type: 'linear', factor: 'two' } }), 64),
  },
  'formats/families/rope readTurnedDimensions': {
    FormatError: () => readTurnedDimensions(fields({ partial_rotary_factor: 0.75 }), 4),
  },
  'formats/families/rope readTurnedPart': {
    FormatError: () => readTurnedPart(fields({ partial_rotary_factor: 2 })),
  },
  'formats/fields Fields.number': { FormatError: () => fields({ a: 'x' }).number('a') },
  'formats/fields Fields.integer': { FormatError: () => fields({ a: 0.5 }).integer('a') },
  'formats/fields Fields.boolean': { FormatError: () => fields({ a: 1 }).boolean('a') },
  'formats/fields Fields.string': { FormatError: () => fields({ a: 1 }).string('a') },
  'formats/fields Fields.section': { FormatError: () => fields({ a: 1 }).section('a') },
  'formats/fields Fields.only': { UnsupportedError: () => fields({ a: 2 }).only('a', 1) },
  'formats/fields Fields.refuseUnknown': { UnsupportedError: () => fields({ a: 1 }).refuseUnknown() },
  'formats/generation-config readGenerationConfig': {
    FormatError: () =>
      readGenerationConfig(folderAt(folderWith({ 'generation_config.json': '{"eos_token_id":99}' })), 11),
  },
  'formats/inspect inspectFolder': {
    MissingFileError: () => inspectFolder(folderAt(missing())),
    UnsupportedError: () => inspectFolder(folderAt(folderWith({ 'weights.pt': '' }))),
  },
  'formats/lorax-heads readHeadsConfig': {
    FormatError: () => readHeadsConfig('config.json', {}),
    UnsupportedError: () => readHeadsConfig('config.json', { medusa_num_heads: 1, medusa_num_layers: 1, sparkle: 1 }),
  },
  'formats/lorax-heads loadHeads': {
    MissingFileError: () => loadHeads(folderAt(folderWith()), base),
    FormatError: () => loadHeads(folderAt(headsWith({ medusa_num_heads: 'two' })), base),
    NonFiniteError: () => loadHeads(folderAt(headsWith({}, { '0.0.linear.bias': [Number.NaN] })), base),
    UnsupportedError: () => loadHeads(folderAt(headsWith({ sparkle: 1 })), base),
    MismatchError: () => loadHeads(folderAt(wideHeads()), base),
  },
  'formats/peft/adapter loadLora': {
    MissingFileError: () => loadLora(folderAt(folderWith()), base),
    FormatError: () => loadLora(folderAt(adapterWith({ r: 'two' })), base),
    NonFiniteError: () => loadLora(folderAt(adapterWith({}, { [QUERY]: [Number.NaN] })), base),
    UnsupportedError: () => loadLora(folderAt(adapterWith({ sparkle: 1 })), base),
    MismatchError: () => loadLora(folderAt(wideLora()), base),
  },
  'formats/peft/config readLoraConfig': {
    UnsupportedError: () => lora({ sparkle: 1 }),
    FormatError: () => lora({ r: 'two' }),
    ConflictError: () => lora({ layers_pattern: ['layers'] }),
  },
  'formats/peft/targets targetTest': {
    FormatError: () => targetTest(lora({ target_modules: '(' }), () => false),
    UnsupportedError: () => targetTest(lora({ target_modules: '(a)\\1' }), () => false),
    WorkLimitError: () => targetTest(lora({ target_modules: slow }), () => false)(long),
  },
  'formats/peft/targets scaleRule': {
    FormatError: () => scaleRule(lora({ rank_pattern: { '(': 1 } })),
    UnsupportedError: () => scaleRule(lora({ rank_pattern: { '(a)\\1': 1 } })),
    WorkLimitError: () => scaleRule(lora({ rank_pattern: { [slow]: 1 } }))(long),
  },
};
