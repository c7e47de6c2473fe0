/**
 * The decoding loop once more, in the plainest way and with everything that can go wrong in it as an option. Without
 * one it gives what the production loop gives: a test compares them on every case.
 * @packageDocumentation
 */
import { indexAt } from '../../../chance/inverse-cdf.ts';
import { processedLaw } from '../processors/law-inputs.ts';
import type { VectorSettings } from '../processors/vector-settings.ts';
import type { DecodeInputs, DecodeOutputs, DecodeStep } from './decode-inputs.ts';

/** Ways in which engines decode wrongly. */
export interface Quirks {
  /** An end-of-text token is looked for after every token, only at the end of a block, or never. */
  readonly end?: 'block end' | 'never';
  /** A stop sequence is looked for after every token, only at the end of a block, or only inside one block. */
  readonly stop?: 'block end' | 'inside';
  /** One more token follows that which ends the text. */
  readonly tokenAfterEnd?: boolean;
  /** Text that processors see: without the drafted tokens, with rejected ones too, or with accepted ones twice. */
  readonly counts?: 'block start' | 'rejected too' | 'accepted twice';
  /** Other settings. */
  readonly settings?: (settings: VectorSettings) => VectorSettings;
  readonly firstUnverified?: boolean;
  /** A rejected token stays in the text. */
  readonly keepsRejected?: boolean;
  /** Tokens in the cache beyond those that belong there. */
  readonly cachedBeyond?: (drafted: number, accepted: number) => number;
  /** Drafts are not cut at `max_new_tokens`, and a block is emitted as a whole. */
  readonly overruns?: boolean;
  /** The uniforms of a round are all those of its first position. */
  readonly oneUniform?: boolean;
}

/** Decodes a text with quirks. */
export function simpleDecode(inputs: DecodeInputs, quirks: Quirks = {}): DecodeOutputs {
  const { prompt, drafts } = inputs;
  const settings = quirks.settings?.(inputs.settings) ?? inputs.settings;
  const most = settings.max_new_tokens!;
  const [text, counted, steps]: [number[], number[], DecodeStep[]] = [[], [], []];
  for (;;) {
    const from = text.length;
    const chain = (drafts[from] ?? []).slice(0, quirks.overruns ? undefined : most - from - 1);
    const round = decide({ ...inputs, settings }, quirks, text, counted, chain);
    const end = endOf(inputs, quirks, text, round.tokens);
    const after = quirks.overruns ? Number.POSITIVE_INFINITY : quirks.tokenAfterEnd ? 2 : 1;
    const emitted = end === null ? round.tokens : round.tokens.slice(0, end.at + after);
    const finish = end?.finish ?? null;
    text.push(...emitted);
    counted.push(...countedOf(quirks, emitted, chain, round.accepted));
    const accepted = Math.min(emitted.length, round.accepted);
    const beyond = quirks.cachedBeyond?.(chain.length, accepted) ?? 0;
    const cached = prompt.length + text.length - 1 + beyond;
    steps.push({ drafted: chain, accepted, emitted, cached, uniforms: round.uniforms });
    if (finish !== null) return { tokens: text, finish, steps };
    if (text.length > most + 16) return { tokens: text, finish: 'length', steps }; // it cannot end
  }
}

interface Round {
  readonly accepted: number;
  readonly tokens: readonly number[];
  readonly uniforms: DecodeStep['uniforms'];
}

function decide(
  inputs: DecodeInputs,
  quirks: Quirks,
  text: readonly number[],
  counted: readonly number[],
  chain: readonly number[],
): Round {
  const read: [DecodeStep['uniforms'][number][0], number][] = [];
  const uniform = (purpose: 'accept' | 'residual' | 'target', i: number): number => {
    read.push([purpose, text.length + i]);
    return inputs.uniforms[purpose][quirks.oneUniform ? text.length : text.length + i]!;
  };
  for (const [i, token] of chain.entries()) {
    const law = lawAfter(inputs, quirks, text, counted, chain.slice(0, i));
    const coin = uniform('accept', i);
    if ((quirks.firstUnverified && i === 0) || coin < law[token]!) continue;
    law[token] = 0;
    const correction = indexAt(uniform('residual', i), law);
    const kept = chain.slice(0, quirks.keepsRejected ? i + 1 : i);
    return { accepted: i, tokens: [...kept, correction], uniforms: read };
  }
  const law = lawAfter(inputs, quirks, text, counted, chain);
  const bonus = indexAt(uniform('target', chain.length), law);
  return { accepted: chain.length, tokens: [...chain, bonus], uniforms: read };
}

function lawAfter(
  { vocabulary, prompt, table, settings }: DecodeInputs,
  { counts }: Quirks,
  text: readonly number[],
  counted: readonly number[],
  branch: readonly number[],
): Float64Array {
  const last = [...prompt, ...text, ...branch].at(-1)!;
  const drafted = counts === 'block start' ? [] : counts === 'accepted twice' ? [...branch, ...branch] : branch;
  return processedLaw({ vocabulary, prompt, generated: counted, drafted, settings, logits: table[last]! });
}

/** What a round adds to the text that processors see. */
function countedOf(
  { counts }: Quirks,
  emitted: readonly number[],
  chain: readonly number[],
  accepted: number,
): readonly number[] {
  if (counts === 'accepted twice') return [...chain.slice(0, accepted), ...emitted];
  return counts === 'rejected too' ? [...chain.slice(accepted), ...emitted] : emitted;
}

/** Where in a round the text ends, and why. */
function endOf(
  inputs: DecodeInputs,
  quirks: Quirks,
  text: readonly number[],
  tokens: readonly number[],
): { at: number; finish: DecodeOutputs['finish'] } | null {
  for (const at of tokens.keys()) {
    const finish = finishOf(inputs, quirks, [...text, ...tokens.slice(0, at + 1)], {
      isLast: at === tokens.length - 1,
      blockFrom: text.length,
    });
    if (finish !== null) return { at, finish };
  }
  return null;
}

function finishOf(
  { settings, stops }: DecodeInputs,
  quirks: Quirks,
  text: readonly number[],
  { isLast, blockFrom }: { isLast: boolean; blockFrom: number },
): DecodeOutputs['finish'] | null {
  const ends = settings.eos_token_id?.includes(text.at(-1)!) ?? false;
  if (ends && quirks.end !== 'never' && (quirks.end !== 'block end' || isLast)) return 'eos';
  const searched = quirks.stop === 'inside' ? text.slice(blockFrom) : text;
  const stopped = stops.some(
    (stop) => stop.length <= searched.length && searched.slice(-stop.length).join() === stop.join(),
  );
  if (stopped && (quirks.stop !== 'block end' || isLast)) return 'stop';
  return text.length >= settings.max_new_tokens! ? 'length' : null;
}
