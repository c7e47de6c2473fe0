/**
 * Normalizers of a `tokenizer.json`: what happens to a text before it is cut.
 * @source huggingface/tokenizers `tokenizers/src/normalizers`
 * @packageDocumentation
 */
import { UnsupportedError } from '../../errors.ts';
import type { Budget } from '../../patterns/budget.ts';
import { CharacterSet } from '../../patterns/character-set.ts';
import { combining, control, nonspacing, whiteSpace } from '../../patterns/unicode.ts';
import { toByteAlphabet } from './byte-alphabet.ts';
import { checkTextLength } from './limits.ts';
import { Part } from './part.ts';
import { readPattern } from './patterns.ts';
import { lowerCase, normalForm, strip, without } from './unicode-text.ts';

/** A change to a text. Throws {@link WorkLimitError} when the text grows too long or the budget is spent. */
export type Normalizer = (text: string, budget: Budget) => string;

type Reader = (part: Part) => Normalizer;

const READERS: Readonly<Record<string, Reader>> = {
  Sequence: (part) => {
    const steps = part.parts('normalizers').map(readOne);
    return (text, budget) => steps.reduce((changed, step) => step(changed, budget), text);
  },
  NFC: () => (text) => normalForm(text, 'NFC'),
  NFD: () => (text) => normalForm(text, 'NFD'),
  NFKC: () => (text) => normalForm(text, 'NFKC'),
  NFKD: () => (text) => normalForm(text, 'NFKD'),
  Lowercase: () => lowerCase,
  StripAccents: () => (text) => without(text, combining()),
  Nmt: () => nmt,
  ByteLevel: () => toByteAlphabet,
  Strip: (part) => {
    const [left, right] = [part.boolean('strip_left'), part.boolean('strip_right')];
    return (text) => strip(text, left, right);
  },
  Prepend: (part) => {
    const prefix = part.string('prepend');
    return (text) => (text === '' ? '' : prefix + text);
  },
  Replace: readReplace,
  BertNormalizer: readBert,
};

/**
 * Reads a normalizer; null leaves the text as it is.
 * @throws {@link FormatError} when it is malformed; {@link UnsupportedError} naming the kind or setting that is not
 * implemented, such as `Precompiled`.
 */
export function readNormalizer(label: string, value: unknown): Normalizer | null {
  if (value === null || value === undefined) return null;
  const normalize = readOne(new Part(label, value));
  return (text, budget) => {
    const normalized = normalize(text, budget);
    checkTextLength(label, normalized.length);
    return normalized;
  };
}

function readOne(part: Part): Normalizer {
  const read = Object.hasOwn(READERS, part.type) ? READERS[part.type]! : null;
  if (read === null) throw new UnsupportedError(part.labelOf('type'), Object.keys(READERS).join(', '), part.type);
  const normalizer = read(part);
  part.refuseUnknown();
  return normalizer;
}

function readReplace(part: Part): Normalizer {
  const find = readPattern(part);
  const content = part.string('content');
  return (text, budget) => {
    if (text === '') return '';
    const spans = find(text, budget);
    // Checked before the text is built: each replacement in a chain can multiply it.
    checkTextLength(part.label, text.length + spans.length * content.length);
    const kept: string[] = [];
    let last = 0;
    for (const [start, end] of spans) {
      kept.push(text.slice(last, start));
      last = end;
    }
    kept.push(text.slice(last));
    return kept.join(content);
  };
}

const IDEOGRAPHS = new CharacterSet([
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
]);

function readBert(part: Part): Normalizer {
  const cleans = part.boolean('clean_text');
  const spaces = part.boolean('handle_chinese_chars');
  const lowers = part.boolean('lowercase');
  const strips = part.raw('strip_accents') == null ? lowers : part.boolean('strip_accents');
  return (text) => {
    let changed = cleans ? cleaned(text) : text;
    if (spaces) changed = mapped(changed, (c, code) => (IDEOGRAPHS.has(code) ? ` ${c} ` : c));
    if (strips) changed = without(normalForm(changed, 'NFD'), nonspacing());
    return lowers ? lowerCase(changed) : changed;
  };
}

function mapped(text: string, change: (character: string, code: number) => string): string {
  let result = '';
  for (const character of text) result += change(character, character.codePointAt(0)!);
  return result;
}

function cleaned(text: string): string {
  return mapped(without(text, control()), (c, code) => (whiteSpace().has(code) ? ' ' : c));
}

const NMT_REMOVED = new CharacterSet([
  [0x01, 0x08],
  [0x0b, 0x0b],
  [0x0e, 0x1f],
  [0x7f, 0x7f],
  [0x8f, 0x8f],
  [0x9f, 0x9f],
]);
const NMT_SPACES = CharacterSet.of('\t\n\f\r\u1680\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd');

function nmt(text: string): string {
  return mapped(without(text, NMT_REMOVED), (c, code) => (NMT_SPACES.has(code) ? ' ' : c));
}
