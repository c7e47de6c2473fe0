import type { DecodeInputs, DecodeOutputs } from './decode-inputs.ts';

/** What the flags of decodes mean, in the order in which they are listed. */
export const DECODE_FLAGS = {
  EndInsideBlock: 'The text ends inside a block: drafted tokens that would have been accepted are not emitted.',
  EndAtBonus: 'The text ends with the token after an accepted run, or with a correction.',
  StopAcrossBlocks: 'A stop sequence begins in one block and is completed in another.',
  FullBlock: 'All drafted tokens of a step are accepted.',
  NoneAccepted: 'No drafted token of a step is accepted.',
  EmptyDraft: 'Nothing is drafted in a step.',
  DraftCut: 'A draft is cut so that it fits into max_new_tokens.',
  Greedy: 'Temperature 0.',
} as const;

/** A flag of a decode. */
export type DecodeFlag = keyof typeof DECODE_FLAGS;

/** The flags of a decode, in listing order. */
export function decodeFlags({ drafts, stops, settings }: DecodeInputs, { finish, steps }: DecodeOutputs): DecodeFlag[] {
  const starts = steps.map((_, i) => steps.slice(0, i).reduce((count, { emitted }) => count + emitted.length, 0));
  const last = steps.at(-1)!;
  const has: Record<DecodeFlag, boolean> = {
    EndInsideBlock: finish !== 'length' && last.emitted.length <= last.accepted,
    EndAtBonus: finish !== 'length' && last.emitted.length > last.accepted,
    StopAcrossBlocks: finish === 'stop' && !stops.some((stop) => endsWith(last.emitted, stop)),
    FullBlock: steps.some(({ drafted, accepted }) => accepted > 0 && accepted === drafted.length),
    NoneAccepted: steps.some(({ drafted, accepted }) => accepted === 0 && drafted.length > 0),
    EmptyDraft: steps.some(({ drafted }) => drafted.length === 0),
    DraftCut: steps.some(({ drafted }, i) => drafted.length < (drafts[starts[i]!]?.length ?? 0)),
    Greedy: settings.temperature === 0,
  };
  return (Object.keys(has) as DecodeFlag[]).filter((flag) => has[flag]);
}

function endsWith(tokens: readonly number[], stop: readonly number[]): boolean {
  return stop.length <= tokens.length && tokens.slice(-stop.length).join() === stop.join();
}
