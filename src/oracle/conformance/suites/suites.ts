/**
 * The suites that engines are judged by.
 * @packageDocumentation
 */
import { OptionError } from '../../../errors.ts';
import type { ConformCase } from '../conform-case.ts';
import { DRAWS } from './draws.ts';
import { LAWS } from './laws.ts';
import { LOGITS } from './logits.ts';
import { PROCESSORS } from './processors.ts';
import { ROUNDS } from './rounds.ts';
import type { ConformSuite, Fixtures, KnownFault } from './suite.ts';
import { TEXTS } from './texts.ts';

/** Every suite, by name. */
export const CONFORM_SUITES: ReadonlyMap<string, ConformSuite> = new Map(
  [ROUNDS, PROCESSORS, DRAWS, LOGITS, TEXTS, LAWS].map((suite) => [suite.name, suite]),
);

/**
 * The cases of some suites, or of parts of them (`rounds/rejection`), each once, in the order of the suites.
 * @throws {@link OptionError} for a name that is not one.
 */
export function casesOf(fixtures: Fixtures, names: readonly string[]): readonly ConformCase[] {
  const chosen = new Map<ConformSuite, Set<string>>();
  for (const name of names) {
    const [suiteName, part] = splitAt(name, '/');
    const suite = CONFORM_SUITES.get(suiteName);
    const objection = (allowed: Iterable<string>) =>
      new OptionError('--suite', `one of ${[...allowed].join(', ')}`, name);
    if (suite === undefined) throw objection(CONFORM_SUITES.keys());
    if (part !== null && !suite.parts.includes(part)) throw objection(suite.parts.map((it) => `${suiteName}/${it}`));
    const parts = chosen.get(suite) ?? new Set();
    chosen.set(suite, new Set([...parts, ...(part === null ? suite.parts : [part])]));
  }
  return [...CONFORM_SUITES.values()].flatMap((suite) => {
    const parts = chosen.get(suite);
    return parts === undefined
      ? []
      : suite.cases(
          fixtures,
          suite.parts.filter((part) => parts.has(part)),
        );
  });
}

/** The fault of this name that may explain failures of a suite. */
export function knownFault(suite: string, name: string): KnownFault | undefined {
  return CONFORM_SUITES.get(suite)?.faults?.find((fault) => fault.name === name);
}

function splitAt(text: string, separator: string): [string, string | null] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
