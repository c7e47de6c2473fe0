/**
 * What a page of a browser would run: the goldens, from files that it has fetched. Imports go through the doors of the
 * package alone. Everything comes back as text, numbers by their bits.
 */
import { type Folder, type GenerateOptions, load, memoryFolder, RULES } from 'turbo-lora/browser';
import { loadTokenizer, readChatTemplate, renderChats, renderHere } from 'turbo-lora/formats';
import { exactReport, problemFrom } from 'turbo-lora/law';
import { checkSettings, createSampler, type SamplingInput } from 'turbo-lora/sampling';

/** Bytes by file name. */
export type Files = Iterable<readonly [name: string, bytes: Uint8Array]>;

/** The bits of numbers, in hexadecimal. */
function bits(numbers: Float64Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const folderOf = (name: string, files: Files): Folder => memoryFolder(name, files);

/** Logits of a text and of the heads after it, and what is generated from a prompt, as JSON. */
export async function modelAnswers(base: Files, adapter: Files | null, question: string): Promise<string> {
  const { tokens, prompt, generations } = JSON.parse(question) as {
    tokens: number[];
    prompt: number[];
    generations: GenerateOptions[];
  };
  const model = await load(folderOf('base', base), adapter === null ? {} : { adapter: folderOf('adapter', adapter) });
  const { logits, heads } = await model.logits(tokens);
  const texts = [];
  for (const options of generations) {
    const { tokens: generated, targetForwards } = await model.complete(prompt, { eosTokens: [], ...options });
    texts.push({ generated, targetForwards });
  }
  return JSON.stringify({ logits: logits.map(bits), heads: heads.map((rows) => rows.map(bits)), texts });
}

/** Laws of a sampler, as JSON. */
export function samplingAnswers(question: string): string {
  const cases = JSON.parse(question) as { logits: number[]; settings: SamplingInput }[];
  return JSON.stringify(
    cases.map(({ logits, settings }) => {
      const sampler = createSampler(checkSettings(settings, logits.length), logits.length);
      return bits(sampler.law(Float64Array.from(logits), { tokens: [0, 1, 1], promptLength: 1 }));
    }),
  );
}

/** What every rule that takes a problem makes of it, in fractions, as JSON. */
export function lawAnswers(question: string): string {
  const problem = problemFrom(JSON.parse(question));
  const answers = ['rejection', 'block', 'greedy', 'specinfer', 'traversal'].map((name) => {
    const { emitted, totalVariation, expectedAccepted, asClaimed } = exactReport(problem, RULES.get(name)!);
    const fractions = [...emitted, totalVariation, expectedAccepted].map((fraction) => fraction.toFraction());
    return { name, fractions, asClaimed };
  });
  return JSON.stringify(answers);
}

/** Token ids of texts, and the texts of those, as JSON. */
export function tokenizerAnswers(files: Files, question: string): string {
  const tokenizer = loadTokenizer(folderOf('tokenizer', files))!;
  const ids = (JSON.parse(question) as string[]).map((text) => tokenizer.encode(text));
  return JSON.stringify(ids.map((tokens) => ({ tokens, text: tokenizer.decode(tokens) })));
}

/** Conversations as a chat template spells them, as JSON. */
export async function chatAnswers(files: Files, question: string): Promise<string> {
  const template = readChatTemplate(folderOf('chat', files));
  return JSON.stringify(await renderChats(template, JSON.parse(question), renderHere));
}

/** What an error says. */
export async function errorOf(base: Files): Promise<string> {
  try {
    await load(folderOf('base', base));
    return 'none';
  } catch (error) {
    return `${error}`;
  }
}
