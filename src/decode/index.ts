/**
 * The two decoding loops, plain and speculative. They are generators: they ask for the passes that they need, and yield
 * what each step emits.
 * @packageDocumentation
 */
export { answeredAtOnce, answeredInTime, isRequest, type Loop } from './pass.ts';
export { decodePlainly, plainLoop } from './plain.ts';
export { decodeSpeculatively, type SpeculativeDecoding, speculativeLoop } from './speculative.ts';
export { type Decoding, lawAsNumbers, type Step, type StepLaws } from './step.ts';
export { type StopCondition, type StopReason, type StopSettings, stopCondition } from './stop.ts';
export { TextStream, type TokenSpelling } from './text-stream.ts';
