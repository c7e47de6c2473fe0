/**
 * Faults that can be seen in the log-probabilities of an accepted run.
 * @packageDocumentation
 */
import { exp } from '../../../numerics/elementary.ts';
import { firstOutside } from '../tolerance.ts';
import type { VectorFault } from '../vector-fault.ts';
import {
  emittedLogprobs,
  type LogprobInputs,
  type Logprobs,
  lawInputsAt,
  reported,
  rowLogprobs,
} from './emitted-logprobs.ts';
import type { LogprobCompare } from './logprob-vectors.ts';

/** A fault of reported log-probabilities. */
export type LogprobFault = VectorFault<LogprobInputs, Logprobs>;

/** Reports of other rows: token i is reported from row `rowOf(i)`. */
function onRows(
  name: string,
  description: string,
  links: readonly string[],
  rowOf: (i: number, count: number) => number,
): LogprobFault {
  return {
    name,
    description,
    links,
    plant(inputs) {
      const rows = inputs.emitted.map((_, i) =>
        rowLogprobs(lawInputsAt(inputs, rowOf(i, inputs.emitted.length)), inputs.of),
      );
      return reported(rows, inputs.emitted, inputs.top);
    },
  };
}

const allZero: LogprobFault = {
  name: 'all-zero',
  description: 'Under speculation every log-probability is reported as 0.',
  links: ['ggml-org/llama.cpp#27972', 'vllm-project/vllm#17876'],
  plant(inputs) {
    const { chosen, topTokens, top } = emittedLogprobs(inputs);
    return { chosen: chosen.map(() => 0), topTokens, top: top.map((row) => row.map(() => 0)) };
  },
};

const firstOnly: LogprobFault = {
  name: 'first-only',
  description: 'Only the first token of a round has a log-probability; the others have 0.',
  links: ['sgl-project/sglang#14046'],
  plant(inputs) {
    if (inputs.emitted.length < 2) return null;
    const { chosen, topTokens, top } = emittedLogprobs(inputs);
    const first = (values: Float64Array, i: number): Float64Array => (i === 0 ? values : values.map(() => 0));
    return { chosen: chosen.map((value, i) => (i === 0 ? value : 0)), topTokens, top: top.map(first) };
  },
};

const otherKind: LogprobFault = {
  name: 'other-kind',
  description: 'Raw log-probabilities are reported where processed ones were asked for, or the contrary.',
  links: [],
  plant: (inputs) => emittedLogprobs({ ...inputs, of: inputs.of === 'raw' ? 'processed' : 'raw' }),
};

const draftedNotCounted: LogprobFault = {
  name: 'drafted-not-counted',
  description: 'Processors see the text without the accepted tokens before the row.',
  links: [],
  plant(inputs) {
    const rows = inputs.logits.map((logits, i) =>
      rowLogprobs({ ...lawInputsAt(inputs, i), drafted: [], logits }, inputs.of),
    );
    return reported(rows, inputs.emitted, inputs.top);
  },
};

const notLogarithms: LogprobFault = {
  name: 'not-logarithms',
  description: 'Probabilities are reported instead of their logarithms.',
  links: [],
  plant(inputs) {
    const { chosen, topTokens, top } = emittedLogprobs(inputs);
    return { chosen: chosen.map(exp), topTokens, top: top.map((row) => row.map(exp)) };
  },
};

const topOfFirstRow: LogprobFault = {
  name: 'top-of-first-row',
  description: 'The most likely tokens are those of the first row at every position.',
  links: [],
  plant(inputs) {
    const right = emittedLogprobs(inputs);
    return {
      chosen: right.chosen,
      topTokens: right.topTokens.map(() => right.topTokens[0]!),
      top: right.top.map(() => right.top[0]!),
    };
  },
};

/** Faults of log-probabilities. */
export const LOGPROB_FAULTS: readonly LogprobFault[] = [
  ...[allZero, firstOnly, otherKind, draftedNotCounted, notLogarithms, topOfFirstRow],
  onRows('row-late', 'A token is reported from the row after it.', [], (i, count) => Math.min(i + 1, count - 1)),
  onRows('row-early', 'A token is reported from the row before its own.', [], (i) => Math.max(0, i - 1)),
  onRows('first-row', 'All tokens of a round are reported from its first row.', [], () => 0),
];

/** Whether log-probabilities are the expected ones, as their case compares them. */
export function sameLogprobs(got: Logprobs, expected: Logprobs, compare: LogprobCompare): boolean {
  return (
    firstOutside(got.chosen, expected.chosen, compare.chosen) < 0 &&
    JSON.stringify(got.topTokens) === JSON.stringify(expected.topTokens) &&
    got.top.length === expected.top.length &&
    got.top.every((row, i) => firstOutside(row, expected.top[i]!, compare.top) < 0)
  );
}

/** Names of the faults whose report differs. */
export function caughtLogprobFaults(inputs: LogprobInputs, right: Logprobs, compare: LogprobCompare): string[] {
  const caught = LOGPROB_FAULTS.filter((fault) => {
    const faulty = fault.plant(inputs);
    return faulty !== null && !sameLogprobs(faulty, right, compare);
  });
  return caught.map(({ name }) => name);
}
