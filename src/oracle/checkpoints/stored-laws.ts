/**
 * What the files of a realized problem say: the laws of the numbers in them, in float64, as exact rationals.
 * @packageDocumentation
 */
import { headLogits, type SpeculativeHeads } from '../../draft/heads.ts';
import { loadAdapterFolder } from '../../formats/adapter-folder.ts';
import { loadCheckpoint } from '../../formats/checkpoint.ts';
import { memoryFolder } from '../../formats/folder/memory.ts';
import { DEFAULT_BACKEND } from '../../language-model/default-backend.ts';
import type { ExactLaw } from '../../law/problem.ts';
import { exactLaw } from '../../law/whole-text.ts';
import { Session } from '../../model/session.ts';
import type { Transformer } from '../../model/weights.ts';
import { nearestNumber } from '../../numerics/nearest-number.ts';
import { type Stored, widened } from '../../numerics/stored.ts';
import { matrixShape, rowOf } from '../../numerics/tensor.ts';
import { atOnce } from '../../ops/backend.ts';
import { softmax } from '../../sampling/softmax.ts';
import type { AskedLaws } from './asked-laws.ts';
import type { Files } from './folder-files.ts';
import { readTree } from './read-tree.ts';
import type { TokenLayout } from './token-layout.ts';

/** A model as its files say. */
export interface StoredModel {
  readonly transformer: Transformer<Stored>;
  /** After the first token of the prompt alone. */
  readonly first: ExactLaw;
  /** The hidden state after that token. @shape [D] */
  readonly firstState: Float64Array;
  /** By prefix. */
  readonly laws: readonly ExactLaw[];
  /**
   * The largest `sum_k |w_xk h_k|` of a possible token x after a prefix: an engine that rounds to a relative error e
   * gets logits with errors of about e times this.
   */
  readonly magnitude: number;
}

/**
 * Reads a model folder back, and runs it.
 * @throws as {@link loadCheckpoint} does.
 */
export function storedModel(name: string, files: Files, asked: AskedLaws, layout: TokenLayout): StoredModel {
  const { transformer } = loadCheckpoint(memoryFolder(name, files));
  const reading = readTree(transformer, asked, layout);
  return {
    transformer,
    first: lawOf(reading.firstLogits),
    firstState: reading.firstState,
    laws: reading.logits.map(lawOf),
    magnitude: magnitudeOf(widened(transformer.head.weight), reading.states, asked.possible),
  };
}

/** The law of a draw at temperature 1: the float64 softmax, divided by its exact sum. */
function lawOf(logits: Float64Array): ExactLaw {
  return exactLaw(softmax(logits));
}

function magnitudeOf(embedding: Float64Array, states: readonly Float64Array[], tokens: readonly number[]): number {
  let largest = 0;
  for (const state of states) {
    for (const token of tokens) {
      const from = token * state.length;
      if (embedding[from] !== 0) continue; // a token that never occurs: its logit has room
      largest = Math.max(
        largest,
        state.reduce((sum, x, k) => sum + Math.abs(x * embedding[from + k]!), 0),
      );
    }
  }
  return largest;
}

/**
 * Reads a folder of heads back, and runs it on the state after the first token of the prompt: the laws by depth.
 * @throws as {@link loadAdapterFolder} does.
 */
export function storedHeadLaws(name: string, files: Files, target: StoredModel, layout: TokenLayout): ExactLaw[] {
  const { transformer } = target;
  const heads: SpeculativeHeads<Stored> = loadAdapterFolder(memoryFolder(name, files), transformer).heads!;
  const session = new Session(DEFAULT_BACKEND, transformer, null);
  const { hidden } = session.read([layout.first]);
  const logits = headLogits(DEFAULT_BACKEND.ops, heads, hidden, (states) => session.project(states));
  const rows = atOnce(DEFAULT_BACKEND.readBack(logits));
  return Array.from({ length: matrixShape('logits of heads', rows)[0] }, (_, i) =>
    lawOf(rowOf('logits of heads', rows, i)),
  );
}

/**
 * The largest difference of a probability between the laws that were asked for and those that are there. Tokens that
 * are not in the problem should have none.
 */
export function largestDifference(asked: readonly (ExactLaw | null)[], there: readonly ExactLaw[]): number {
  let largest = 0;
  for (const [at, law] of asked.entries()) {
    if (law === null) continue;
    for (const [token, mass] of there[at]!.entries()) {
      largest = Math.max(largest, nearestNumber(law[token] === undefined ? mass : mass.sub(law[token]).abs()));
    }
  }
  return largest;
}

/** Whether tokens that are not in the problem are impossible after every prefix. */
export function staysInside(laws: readonly ExactLaw[], { problem }: TokenLayout): boolean {
  return laws.every((law) => law.slice(problem).every((mass) => mass.equals(0)));
}
