/**
 * What the judge and an engine say to each other: one JSON object per line, a request on the engine's standard input
 * and its answer on standard output (SPEC-CONFORM in spec/rules.md).
 * @packageDocumentation
 */
import { z } from 'zod';
import { type AcceptQuestion, acceptShape } from './operations/accept.ts';
import { type DrawQuestion, drawShape } from './operations/draw.ts';
import { type GenerateQuestion, generateShape } from './operations/generate.ts';
import { type LawQuestion, lawShape } from './operations/law.ts';
import { type LogitsQuestion, logitsShape } from './operations/logits.ts';

/** Changes when engines have to change. */
export const PROTOCOL = 1;

/** Asks an engine who it is, and what it can do. */
export interface HelloQuestion {
  readonly op: 'hello';
  readonly protocol: typeof PROTOCOL;
}

/** What an engine can be asked. */
export type Question = HelloQuestion | AcceptQuestion | LawQuestion | DrawQuestion | LogitsQuestion | GenerateQuestion;

/** An operation that engines can be asked for. */
export type Operation = Question['op'];

/** A question as it is sent. Its `id` comes back with the answer. */
export type Request = Question & { readonly id: number };

const id = z.int().min(0).describe('Comes back with the answer.');
const sent = <S extends z.ZodRawShape>(question: z.ZodObject<S>) =>
  z.strictObject({ id, ...question.shape }).describe(question.description ?? '');

const shapeOfHello = z
  .strictObject({ op: z.literal('hello'), protocol: z.literal(PROTOCOL) })
  .describe('Who are you, and what can you do?');

/** The schema of a request. */
export const requestShape = z.discriminatedUnion('op', [
  sent(shapeOfHello),
  sent(acceptShape),
  sent(lawShape),
  sent(drawShape),
  sent(logitsShape),
  sent(generateShape),
]) satisfies z.ZodType<Request>;

/** What an engine says of itself. */
export interface Hello {
  readonly name: string;
  readonly version: string;
  /** The number type that it computes in, such as float32. */
  readonly dtype: string;
  /** Operations other than `hello` that it answers. */
  readonly operations: readonly string[];
}

/** The schema of the outputs of `hello`. */
export const helloShape = z.strictObject({
  name: z.string().min(1).max(200),
  version: z.string().max(200),
  dtype: z.string().max(40).describe('The number type that it computes in, such as float32.'),
  operations: z.array(z.string().max(40)).max(100).readonly().describe('Operations other than hello that it answers.'),
}) satisfies z.ZodType<Hello>;

/** An answer: what the operation gives, or why it gives nothing. */
export type Answer =
  | { readonly id: number; readonly outputs: Readonly<Record<string, unknown>> }
  | { readonly id: number; readonly unsupported: true; readonly reason: string }
  | { readonly id: number; readonly error: string };

/** The schema of an answer. */
export const answerShape = z.union([
  z.strictObject({ id, outputs: z.record(z.string(), z.unknown()) }),
  z.strictObject({ id, unsupported: z.literal(true), reason: z.string().max(2000) }),
  z.strictObject({ id, error: z.string().max(2000) }),
]) satisfies z.ZodType<Answer>;
