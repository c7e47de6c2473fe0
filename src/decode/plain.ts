import { Read } from '../model/session.ts';
import { answeredAtOnce, type Loop } from './pass.ts';
import { type Decoding, lawAsNumbers, type Step, type StepLaws } from './step.ts';

/**
 * Plain decoding: one pass through the target per token. This loop is the definition of what speculative decoding must
 * equal.
 * @source Chen et al. 2023, arXiv 2302.01318, algorithm 1
 */
export function* plainLoop<T>(decoding: Decoding<T>, prompt: readonly number[]): Loop {
  const { target, sampler, stop, chance, arithmetic, lift, draws } = decoding;
  const tokens = [...prompt];
  let fed: readonly number[] = prompt;
  for (;;) {
    const rows = yield new Read(target, fed, { firstRow: fed.length - 1 });
    const logits = rows.logits(0);
    const law = lift(sampler.law(logits, { tokens, promptLength: prompt.length }));
    const slot = { purpose: 'target', position: tokens.length } as const;
    const token = draws === 'race' ? chance.race(slot, law) : chance.draw(slot, law);
    tokens.push(token);
    const reason = stop.after(tokens);
    const step = { fed, drafted: [], parents: [], accepted: 0, emitted: [token], stop: reason, logits: () => logits };
    const laws = (): StepLaws => ({ target: new Map([[-1, lawAsNumbers(arithmetic, law)]]), draft: [] });
    yield decoding.recordLaws ? { ...step, laws: laws() } : step;
    if (reason !== null) return;
    fed = [token];
  }
}

/** Plain decoding of one text, {@link plainLoop} with each pass made at once. */
export function decodePlainly<T>(decoding: Decoding<T>, prompt: readonly number[]): Generator<Step, void, undefined> {
  return answeredAtOnce(plainLoop(decoding, prompt));
}
