import { Session } from '../../src/model/session.ts';
import { float64Backend } from '../../src/ops/float64/backend.ts';
import { randomModel, smallConfig } from './random-model.ts';

/**
 * How many of the last tokens, itself included, the last token of a text of twelve can see in a one-layer model: one
 * more than the distance of the farthest token whose change changes its logits.
 */
export function tokensSeen(
  window: number | null,
  open = (model: ReturnType<typeof randomModel>) => new Session(float64Backend, model, null),
): number {
  const model = randomModel(11, { ...smallConfig, layers: 1, windows: [window] });
  const text = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1];
  const last = (tokens: readonly number[]) =>
    open(model)
      .read(tokens, { firstRow: tokens.length - 1 })
      .logits(0);
  const base = last(text);
  let seen = 0;
  text.forEach((token, at) => {
    const other = last(text.with(at, (token + 5) % smallConfig.vocabularySize));
    if (other.some((logit, i) => logit !== base[i])) seen = Math.max(seen, text.length - at);
  });
  return seen;
}
