import { Session } from '../../../model/session.ts';
import { hexRows } from '../../vectors/hex-tensor.ts';
import type { LogitsOutputs, LogitsQuestion } from '../operations/logits.ts';
import type { OwnModels } from './models.ts';

/** Answers `logits`. @throws as {@link OwnModels.adapter} and {@link Session.read} do. */
export function ownLogits(models: OwnModels, { model: path, adapter, tokens }: LogitsQuestion): LogitsOutputs {
  const { transformer, uploads, backend } = models.model(path);
  const { parts } = models.adapter(path, adapter, null);
  const session = new Session(backend, uploads.transformer(transformer), uploads.adapter(parts.adapter));
  const rows = session.read(tokens);
  const logits = tokens.map((_, t) => rows.logits(t));
  return { logits: hexRows(logits, transformer.config.vocabularySize) };
}
