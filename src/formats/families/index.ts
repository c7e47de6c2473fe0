/**
 * `config.json` to a model of parts, whose weights are yet to be read. To add a family, write its file and put it into
 * the table.
 * @packageDocumentation
 */
import { FormatError, UnsupportedError } from '../../errors.ts';
import type { Architecture } from '../checkpoint/declared.ts';
import { Fields } from '../fields.ts';
import { type JsonObject, kindOf } from '../json.ts';
import { DEFAULT_LORA_TARGETS } from '../peft/config.ts';
import { cohere } from './cohere.ts';
import type { Family } from './family.ts';
import { gemma2 } from './gemma2.ts';
import { gemma3 } from './gemma3.ts';
import { gptNeox } from './gpt-neox.ts';
import { gpt2 } from './gpt2.ts';
import { IGNORED_CONFIG_KEYS } from './ignored-keys.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { mixtral } from './mixtral.ts';
import { olmo2 } from './olmo2.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

const FAMILIES: ReadonlyMap<string, Family> = new Map(
  [cohere, gemma2, gemma3, gpt2, gptNeox, llama, mistral, mixtral, olmo2, phi3, qwen2, qwen3].map((family) => [
    family.modelType,
    family,
  ]),
);

/** The families that can be read, as `model_type` spells them. */
export const familyNames: readonly string[] = [...FAMILIES.keys()];

/**
 * What PEFT targets in models of a family when an adapter names no targets.
 * @source huggingface/peft `utils/constants.py`
 */
export function loraTargetsOf(family: string): readonly string[] {
  return FAMILIES.get(family)?.loraTargets ?? DEFAULT_LORA_TARGETS;
}

/** What else the LM head of a family is called in adapters. */
export function headAliasesOf(family: string): readonly string[] {
  return FAMILIES.get(family)?.headAliases ?? [];
}

/** What PEFT targets by default in models of any family. */
export const everyLoraTarget: readonly string[] = [...new Set(familyNames.flatMap(loraTargetsOf))];

/**
 * Translates a parsed `config.json`, of transformers 4 or 5, to the parts of the model and the tensors that its
 * checkpoint must hold.
 * @throws {@link UnsupportedError} for an architecture, a rope type, a key or a value that is not implemented;
 * {@link FormatError} when a value is missing, of the wrong type or out of range; {@link ConflictError} when two keys
 * contradict each other.
 */
export function readArchitecture(label: string, object: JsonObject): Architecture {
  const fields = new Fields(label, object);
  const modelType = fields.string('model_type');
  const family = FAMILIES.get(modelType);
  if (family === undefined) {
    throw new UnsupportedError(`${label}: model_type`, `one of ${familyNames.join(', ')}`, JSON.stringify(modelType));
  }
  checkArchitectures(fields, family);
  checkRemoteCode(fields, family);
  checkCausal(fields);
  fields.only('quantization_config');
  fields.only('is_encoder_decoder', false);
  fields.only('add_cross_attention', false);
  fields.only('pruned_heads', {});
  const architecture = family.read(fields);
  fields.ignore(IGNORED_CONFIG_KEYS);
  fields.refuseUnknown();
  return architecture;
}

/**
 * `auto_map` names classes in the code of the checkpoint's repository. Code is not run here, and transformers prefers
 * its own classes unless it is told to trust the code. Classes of other names may compute something else.
 */
function checkRemoteCode(fields: Fields, family: Family): void {
  const map = fields.section('auto_map');
  if (map === null) return;
  const prefix = family.architectures[0]!.replace(/ForCausalLM$|LMHeadModel$/, '');
  for (const [key, value] of Object.entries(map.object)) {
    if (key === 'AutoTokenizer') continue;
    const [, rest] = typeof value === 'string' ? value.split(`.${prefix}`) : [];
    if (rest !== undefined && /^(Config|PreTrainedModel|Model|LMHeadModel|For\w+)$/.test(rest)) continue;
    throw new UnsupportedError(map.labelOf(key), `a class of transformers, such as ${prefix}Model`, kindOf(value));
  }
}

/** transformers lets tokens see later ones for every other value, null included. */
function checkCausal(fields: Fields): void {
  const value = fields.raw('is_causal');
  if (value === undefined || value === true) return;
  throw new UnsupportedError(fields.labelOf('is_causal'), 'true (nothing else is implemented)', kindOf(value));
}

/** A class of another name has other weights (a classifier's, say) or another forward pass. */
function checkArchitectures(fields: Fields, family: Family): void {
  const names = fields.raw('architectures') ?? null;
  if (names === null) return;
  const label = fields.labelOf('architectures');
  if (!Array.isArray(names)) throw new FormatError(label, 'a list', kindOf(names));
  for (const name of names) {
    if (family.architectures.includes(name as string)) continue;
    throw new UnsupportedError(label, family.architectures.join(' or '), kindOf(name));
  }
}
