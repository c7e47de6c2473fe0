/**
 * The suite of whole decodes: ends, stop sequences, lengths and penalties inside accepted runs.
 * @packageDocumentation
 */
import { type Dice, diceOf } from '../dice.ts';
import type { VectorSettings } from '../processors/vector-settings.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT } from '../vector-file.ts';
import { caughtDecodeFaults, DECODE_FAULTS } from './decode-faults.ts';
import { DECODE_FLAGS, decodeFlags } from './decode-flags.ts';
import type { DecodeInputs } from './decode-inputs.ts';
import { type DecodeFile, writtenDecodeInputs } from './decode-vectors.ts';
import { type DecodedText, decodedText } from './decoded-text.ts';

const VOCABULARY = 8;
/** Uniforms of a case: more than any fault generates. */
const POSITIONS = 48;
/** Cases nearer to a boundary are left out: float32 could decide otherwise. */
const NEAR = 1e-4;
const [TRIES, AS_THEY_COME, WANTED] = [120, 3, 4];

/** What a file is about. */
interface DecodeTopic {
  readonly name: string;
  readonly about: string;
  settings(dice: Dice): VectorSettings;
  stops(dice: Dice): readonly (readonly number[])[];
}

const few = (dice: Dice): number => 3 + dice.below(9);
const temperature = (dice: Dice): number => dice.pick([0, 0.75, 1]);

const TOPICS: readonly DecodeTopic[] = [
  {
    name: 'ends',
    about: 'end-of-text tokens that are accepted inside a block, and minimum lengths',
    settings: (dice) => ({
      ...{ temperature: temperature(dice), eos_token_id: dice.pick([[0], [2, 5]]), max_new_tokens: 8 + dice.below(8) },
      ...(dice.once(2) && { min_new_tokens: dice.below(7) }),
    }),
    stops: () => [],
  },
  {
    name: 'stops',
    about: 'stop sequences that are completed inside a block, or begin in an earlier one',
    settings: (dice) => ({ temperature: temperature(dice), max_new_tokens: 14 }),
    stops: (dice) =>
      Array.from({ length: 1 + dice.below(2) }, () =>
        Array.from({ length: 1 + dice.below(3) }, () => dice.below(VOCABULARY)),
      ),
  },
  {
    name: 'lengths',
    about: 'blocks that would run past max_new_tokens',
    settings: (dice) => ({ temperature: temperature(dice), max_new_tokens: few(dice) }),
    stops: () => [],
  },
  {
    name: 'penalties',
    about: 'penalties that count accepted tokens once, in order, and rejected ones never',
    settings: (dice) => ({
      ...{ temperature: temperature(dice), max_new_tokens: 12 },
      ...dice.pick<VectorSettings>([
        { repetition_penalty: 1.5 },
        { frequency_penalty: 0.75 },
        { presence_penalty: 1 },
        { frequency_penalty: 0.5, presence_penalty: 0.25, repetition_penalty: 1.25 },
        { no_repeat_ngram_size: 2 },
      ]),
    }),
    stops: () => [],
  },
];

/** The files of the suite by name, each made when it is asked for. */
export function decodeFiles(seed: number): Map<string, () => DecodeFile> {
  return new Map(TOPICS.map((topic, i) => [`decodes/${topic.name}.json`, () => decodeFile(topic, seed * 64 + i)]));
}

function decodeFile(topic: DecodeTopic, seed: number): DecodeFile {
  const tests = chosenDecodes(topic, seed).map(({ inputs, text, flags, faults }, i) => {
    const { tokens, finish, steps, margin } = text;
    return {
      id: `decode-${topic.name}-${i + 1}`,
      comment: `${tokens.length} tokens in ${steps.length} steps; ends by ${finish}`,
      flags: [...flags, ...faults],
      spec: ['SPEC-TARGET-PROCESSED', 'SPEC-REJECTION', 'SPEC-DRAFT-POINT', 'SPEC-DECODE-END'],
      inputs: writtenDecodeInputs(inputs),
      outputs: { tokens, finish, steps },
      compare: 'exact' as const,
      result: 'valid' as const,
      margin: Number.isFinite(margin) ? margin : null,
    };
  });
  return {
    algorithm: topic.name,
    formatVersion: VECTOR_FORMAT,
    header: [
      `Whole texts on a table of logits, with scripted drafts and uniforms: ${topic.about}.`,
      'Acceptance rule: Leviathan et al. 2022, arXiv 2211.17192. Drafted tokens are computed: their laws are point masses.',
    ],
    notes: notesOn(new Set(tests.flatMap(({ flags }) => flags)), DECODE_FLAGS, DECODE_FAULTS),
    groups: [
      {
        source: 'random tables of multiples of 1/2; drafts follow the likeliest tokens two times in three',
        class: 'table',
        vocabulary: VOCABULARY,
        tests,
      },
    ],
  };
}

interface ChosenDecode {
  readonly inputs: DecodeInputs;
  readonly text: DecodedText;
  readonly flags: readonly string[];
  readonly faults: readonly string[];
}

function chosenDecodes(topic: DecodeTopic, seed: number): ChosenDecode[] {
  const shown = new Map<string, number>();
  const chosen: ChosenDecode[] = [];
  for (let i = 0; i < TRIES; i++) {
    const inputs = randomDecode(topic, diceOf(seed * 4096 + i));
    const text = decodedText(inputs);
    if (text.margin < NEAR) continue;
    const { margin, ...outputs } = text;
    const [flags, faults] = [decodeFlags(inputs, text), caughtDecodeFaults(inputs, outputs)];
    const shows = [...flags, ...faults];
    if (i >= AS_THEY_COME && shows.every((each) => (shown.get(each) ?? 0) >= WANTED)) continue;
    for (const each of shows) shown.set(each, (shown.get(each) ?? 0) + 1);
    chosen.push({ inputs, text, flags, faults });
  }
  return chosen;
}

/** Drafts that follow the likeliest tokens need the text: they are made as it grows. */
function randomDecode(topic: DecodeTopic, dice: Dice): DecodeInputs {
  const [vocabulary, settings, stops] = [VOCABULARY, topic.settings(dice), topic.stops(dice)];
  const table = Array.from({ length: vocabulary }, () =>
    Float64Array.from({ length: vocabulary }, () => (dice.below(13) - 6) / 2),
  );
  const row = (): number[] => Array.from({ length: POSITIONS }, () => dice.below(2 ** 24) / 2 ** 24);
  const uniforms = { accept: row(), residual: row(), target: row() };
  const prompt = Array.from({ length: 1 + dice.below(3) }, () => dice.below(vocabulary));
  const base = { vocabulary, prompt, table, settings, stops, uniforms };
  const drafts: number[][] = [];
  let text = decodedText({ ...base, drafts });
  for (let generated = 0; generated < text.tokens.length; ) {
    drafts[generated] = chainAfter(table, [...prompt, ...text.tokens.slice(0, generated)].at(-1)!, dice);
    text = decodedText({ ...base, drafts });
    generated += text.steps.find((_, i) => startOf(text.steps, i) === generated)!.emitted.length;
  }
  return { ...base, drafts: Array.from(drafts, (chain) => chain ?? []) };
}

/** Tokens generated before a step. */
function startOf(steps: DecodedText['steps'], step: number): number {
  return steps.slice(0, step).reduce((count, { emitted }) => count + emitted.length, 0);
}

function chainAfter(table: readonly Float64Array[], last: number, dice: Dice): number[] {
  const chain: number[] = [];
  for (let i = dice.below(5); i > 0; i--) {
    const row = table[chain.at(-1) ?? last]!;
    chain.push(dice.once(3) ? dice.below(row.length) : row.indexOf(Math.max(...row)));
  }
  return chain;
}
