/**
 * What servers answer to a completion: the tokens of a text, and the log-probabilities of the next.
 *
 * The API gives texts, not token ids. Ids come, where they come at all, as `token_ids`, inside the entries of
 * `logprobs.content` (llama.cpp), or as names like `token_id:7` (vLLM); otherwise a token is known by its text.
 * @packageDocumentation
 */
import { z } from 'zod';
import { ExchangeError } from './exchange.ts';

/** The texts of tokens by id; null for an id without one. */
export type Pieces = readonly (string | null)[];

const logProbability = z.number().nullable();
const entry = z.object({ id: z.int().min(0).optional(), token: z.string(), logprob: logProbability });

const choiceShape = z.object({
  text: z.string(),
  token_ids: z.array(z.int().min(0)).nullish(),
  logprobs: z
    .union([
      z.object({ content: z.array(entry.extend({ top_logprobs: z.array(entry).optional() })) }),
      z.object({
        tokens: z.array(z.string()),
        top_logprobs: z.array(z.record(z.string(), logProbability).nullable()).nullish(),
      }),
    ])
    .nullish(),
});

/** One text of a completion. */
export type Choice = z.infer<typeof choiceShape>;

/** The schema of what `/v1/completions` answers, as far as it is read. */
export const completionShape = z.object({ choices: z.array(choiceShape).min(1) });

/** The schema of what `/v1/models` answers, as far as it is read. */
export const modelsShape = z.object({
  data: z.array(z.object({ id: z.string().min(1).max(200), owned_by: z.string().max(200).optional() })).min(1),
});

/**
 * The tokens of a text.
 * @throws {@link ExchangeError} when the answer does not tell them.
 */
export function chosenTokens(choice: Choice, pieces: Pieces): number[] {
  const { text, token_ids: ids, logprobs } = choice;
  if (ids != null) return ids;
  if (logprobs == null) return [...text].map((character) => tokenCalled(character, pieces));
  if ('content' in logprobs) return logprobs.content.map(({ id, token }) => id ?? tokenCalled(token, pieces));
  return logprobs.tokens.map((token) => tokenCalled(token, pieces));
}

/** The log-probability of each token as the first of a text; or how much of it is missing. @shape [V] */
export function lastLaw({ logprobs }: Choice, pieces: Pieces): number[] | string {
  const first =
    logprobs == null
      ? []
      : 'content' in logprobs
        ? (logprobs.content[0]?.top_logprobs ?? [])
        : Object.entries(logprobs.top_logprobs?.[0] ?? {}).map(([token, logprob]) => ({ token, logprob }));
  const law = new Map(
    first.map((one) => [('id' in one ? one.id : undefined) ?? tokenCalled(one.token, pieces), one.logprob]),
  );
  if (law.size < pieces.length) return `the server gives ${law.size} of ${pieces.length} log-probabilities`;
  return pieces.map((_, id) => law.get(id) ?? -Infinity);
}

function tokenCalled(name: string, pieces: Pieces): number {
  const number = /^token_id:(\d+)$/.exec(name)?.[1];
  if (number !== undefined) return Number(number);
  const id = pieces.indexOf(name);
  const isAmbiguous = id >= 0 && pieces.indexOf(name, id + 1) >= 0;
  if (id >= 0 && !isAmbiguous) return id;
  const problem = `a text of ${isAmbiguous ? 'several tokens' : 'no token'}, and no token ids: ${JSON.stringify(name)}`;
  throw new ExchangeError({ kind: 'junk', problem });
}
