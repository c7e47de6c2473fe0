import { type ConfiguredModel, configuredModel } from '../model-faults/configured-model.ts';
import type { Fixtures } from './suite.ts';

/** Models that stay open for the cases that follow. */
const MOST_OPEN = 16;

const open = new WeakMap<Fixtures, Map<string, ConfiguredModel>>();

/**
 * A model of the fixtures and the adapter on it, by the paths of their folders.
 * @throws as {@link configuredModel} does.
 */
export function openModel(fixtures: Fixtures, path: string, adapter: string | null): ConfiguredModel {
  const models = open.get(fixtures) ?? new Map<string, ConfiguredModel>();
  open.set(fixtures, models);
  const key = JSON.stringify([path, adapter]);
  const known = models.get(key);
  if (known !== undefined) return known;
  const { folder } = fixtures;
  const model = configuredModel(folder(path), adapter === null ? null : folder(adapter));
  models.set(key, model);
  if (models.size > MOST_OPEN) models.delete(models.keys().next().value!);
  return model;
}
