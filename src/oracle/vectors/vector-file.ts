/**
 * A file of test vectors, like those of Wycheproof: groups of cases, each with its inputs, the outputs that a correct
 * engine gives, and flags that say what the case is for.
 * @packageDocumentation
 */
import { z } from 'zod';

/** Changes when a runner has to change. */
export const VECTOR_FORMAT = 1;

/** What a flag means. */
export interface Note {
  /** `Fault`: a known fault of an engine that the flagged cases catch. */
  readonly bugType: 'Fault' | 'EdgeCase' | 'Basic';
  /** What is wrong, or what is special. */
  readonly description: string;
  /** Where it was found. */
  readonly links: readonly string[];
}

const noteShape = z.strictObject({
  bugType: z.enum(['Fault', 'EdgeCase', 'Basic']).describe('Fault: a known fault of an engine that this case catches.'),
  description: z.string().describe('What is wrong, or what is special.'),
  links: z.array(z.string()).readonly().describe('Where it was found.'),
}) satisfies z.ZodType<Note>;

const exactly = z.literal('exact').describe('Token ids and node ids have no tolerance.');
const ofTokens = z.int().min(1);

/**
 * The schema of a file whose cases have these inputs and outputs. Without `compare` nothing has a tolerance; without
 * `vocabulary` its cases are about tokens.
 */
export function vectorFileShape<
  I extends z.ZodType,
  O extends z.ZodType,
  C extends z.ZodType = typeof exactly,
  V extends z.ZodType = typeof ofTokens,
>(inputs: I, outputs: O, compare?: C, vocabulary?: V) {
  const test = z.strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]+$/)
      .describe('Unique over all files; never reused for another case.'),
    comment: z.string(),
    flags: z.array(z.string()).readonly().describe('Keys of `notes`.'),
    spec: z.array(z.string()).readonly().describe('Rules of spec/rules.md that decide the case.'),
    inputs,
    outputs,
    compare: (compare ?? exactly) as C,
    result: z
      .enum(['valid', 'acceptable'])
      .describe('valid: must be matched. acceptable: an engine in lower precision may decide otherwise.'),
    margin: z
      .number()
      .nullable()
      .describe('Relative distance of the nearest decision to its boundary; null if chance decides nothing.'),
  });
  const group = z.strictObject({
    source: z.string().describe('How the inputs were made.'),
    class: z.string().describe('What the inputs have in common.'),
    vocabulary: (vocabulary ?? ofTokens) as V,
    tests: z.array(test).readonly(),
  });
  return z.strictObject({
    algorithm: z.string(),
    formatVersion: z.literal(VECTOR_FORMAT),
    header: z.array(z.string()).readonly(),
    notes: z.record(z.string(), noteShape),
    groups: z.array(group).readonly(),
  });
}

/** A file of vectors. Its comparisons are of type `C`; `V` is null where there are no tokens. */
export interface VectorFile<I, O, C = 'exact', V extends number | null = number> {
  readonly algorithm: string;
  readonly formatVersion: typeof VECTOR_FORMAT;
  readonly header: readonly string[];
  readonly notes: Readonly<Record<string, Note>>;
  readonly groups: readonly VectorGroup<I, O, C, V>[];
}

/** Cases whose inputs were made in one way. */
export interface VectorGroup<I, O, C = 'exact', V extends number | null = number> {
  readonly source: string;
  readonly class: string;
  readonly vocabulary: V;
  readonly tests: readonly VectorTest<I, O, C>[];
}

/** A case. */
export interface VectorTest<I, O, C = 'exact'> {
  readonly id: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly spec: readonly string[];
  readonly inputs: I;
  readonly outputs: O;
  readonly compare: C;
  readonly result: 'valid' | 'acceptable';
  readonly margin: number | null;
}

/** A file of any suite. */
export type AnyVectorFile = VectorFile<unknown, unknown, unknown, number | null>;

/** The text of a file: one line per case, so that a changed case is a changed line. */
export function vectorText(file: AnyVectorFile): string {
  const { groups, ...head } = file;
  const texts = groups.map(({ tests, ...about }) => {
    const lines = tests.map((test) => `   ${JSON.stringify(test)}`);
    const opening = JSON.stringify(about, null, 2).replace(/\n\}$/, '');
    return `${indented(opening)},\n   "tests": [\n${lines.map((line) => ` ${line}`).join(',\n')}\n   ]\n  }`;
  });
  const opening = JSON.stringify(head, null, 1).replace(/\n\}$/, '');
  return `${opening},\n "groups": [\n${texts.join(',\n')}\n ]\n}\n`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ').replace(/^ {4}/gm, '   ');
}
