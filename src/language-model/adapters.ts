/**
 * Several adapters over one base: each generation chooses one by name.
 * @packageDocumentation
 */
import { ConflictError, OptionError } from '../errors.ts';
import { inWords } from './given.ts';
import type { AdapterParts, LanguageModelParts } from './parts.ts';

/** The name by which the base is chosen, without any adapter. */
export const NO_ADAPTER = 'none';

/**
 * The adapter that a generation chooses: by default that of `load`'s `adapter`, else one of its `adapters`, or none.
 * @throws {@link OptionError} for a name that no adapter has; {@link ConflictError} when a LoRA is merged into the
 * weights, which no choice can take out.
 */
export function adapterNamed(model: LanguageModelParts, name: string | undefined): AdapterParts {
  if (name === undefined) return model;
  const adapters = model.adapters ?? new Map<string, AdapterParts>();
  const chosen = name === NO_ADAPTER ? { adapter: null, heads: null } : adapters.get(name);
  if (chosen === undefined) {
    throw new OptionError('adapter', `one of ${[NO_ADAPTER, ...adapters.keys()].join(', ')}`, inWords(name));
  }
  if (model.merged) throw new ConflictError('adapter', 'a model without a merged LoRA', 'a merged one');
  return chosen;
}
