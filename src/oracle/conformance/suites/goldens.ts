/**
 * The goldens as cases: small checkpoints and adapters with the values that transformers and PEFT give in float64.
 * @packageDocumentation
 */
import { z } from 'zod';
import { SafetensorsFile } from '../../../formats/safetensors/reader.ts';
import { widened } from '../../../numerics/stored.ts';
import type { Fixtures } from './suite.ts';

const greedyShape = z.object({ prompt: z.array(z.int()), new_tokens: z.array(z.int()) });

/** What is read of `case.json`. */
const caseShape = z.object({
  comment: z.string(),
  folders: z.object({ base: z.string(), adapters: z.array(z.string()), heads: z.string().optional() }),
  requests: z.array(z.object({ adapter: z.string().nullable() })).optional(),
  tokens: z.array(z.array(z.int())),
  greedy: z.union([greedyShape, z.array(greedyShape)]),
});

/** One text of a golden, with an adapter or without. */
export interface GoldenText {
  /** Folders, relative to the fixtures. */
  readonly model: string;
  readonly adapter: string | null;
  readonly tokens: readonly number[];
  /** Null where only logits are given. */
  readonly greedy: { readonly prompt: readonly number[]; readonly tokens: readonly number[] } | null;
  /** The logits after each token. @shape result: [T][V] */
  logits(): Float64Array[];
}

/** A golden that is a model. */
export interface Golden {
  readonly name: string;
  readonly comment: string;
  /** As `model_type` spells it. */
  readonly family: string;
  readonly hasAdapter: boolean;
  /** Heads without or with a LoRA beside them, relative to the fixtures; null: none. */
  readonly heads: string | null;
  readonly texts: readonly GoldenText[];
}

/** Every golden that is a model, by name. */
export function goldens(fixtures: Fixtures): Golden[] {
  const names = fixtures
    .folder('goldens')
    .list()
    .filter((name) => !name.includes('.'));
  return names
    .filter((name) => fixtures.folder(`goldens/${name}`).list().includes('case.json'))
    .map((name) => goldenIn(fixtures, name));
}

function goldenIn(fixtures: Fixtures, name: string): Golden {
  const folder = `goldens/${name}`;
  const { comment, folders, requests, tokens, greedy } = caseShape.parse(json(fixtures, `${folder}/case.json`));
  const model = `${folder}/${folders.base}`;
  const { model_type: family } = z.object({ model_type: z.string() }).parse(json(fixtures, `${model}/config.json`));
  const at = (place: string | undefined): string | null => (place === undefined ? null : `${folder}/${place}`);
  const read = (tensor: string, slice: number, of: number) => () =>
    rowsIn(fixtures, `${folder}/expected.safetensors`, tensor, slice, of);
  const text = (adapter: string | null, i: number, of: number): GoldenText => {
    const { prompt, new_tokens } = [greedy].flat()[i]!;
    return {
      model,
      adapter,
      tokens: tokens[i]!,
      greedy: { prompt, tokens: new_tokens },
      logits: read('logits', i, of),
    };
  };
  const own = at(folders.adapters[0]);
  const base = { model, adapter: null, tokens: tokens[0]!, greedy: null, logits: read('logits_base', 0, 1) };
  const texts =
    requests === undefined
      ? [text(own, 0, 1), ...(own === null ? [] : [base])]
      : requests.map(({ adapter }, i) => text(at(adapter ?? undefined), i, requests.length));
  const heads = at(folders.heads) ?? (own !== null && hasHeads(fixtures, own) ? own : null);
  return { name, comment, family, hasAdapter: folders.adapters.length > 0, heads, texts };
}

function hasHeads(fixtures: Fixtures, adapter: string): boolean {
  return fixtures.folder(adapter).list().includes('medusa_lm_head.safetensors');
}

function json(fixtures: Fixtures, path: string): unknown {
  return JSON.parse(fixtures.text(path));
}

/** A matrix of a file, or one of `of` equal slices of a tensor of matrices. */
function rowsIn(fixtures: Fixtures, path: string, name: string, slice: number, of: number): Float64Array[] {
  const file = new SafetensorsFile(
    fixtures.folder(path.slice(0, path.lastIndexOf('/'))).open(path.slice(path.lastIndexOf('/') + 1)),
  );
  try {
    const tensor = file.read(name);
    const numbers = widened(tensor);
    const columns = tensor.shape.at(-1)!;
    const rows = numbers.length / of / columns;
    return Array.from({ length: rows }, (_, r) => {
      const from = (slice * rows + r) * columns;
      return numbers.slice(from, from + columns);
    });
  } finally {
    file.close();
  }
}
