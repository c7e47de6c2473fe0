/** Wrong input at the command line: a named error on stderr, exit code 2, nothing on stdout, nothing written. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';

const BASE = ['--model', 'fixtures/embedded/base'];
const GENERATE = ['generate', ...BASE, '--adapter', 'fixtures/embedded/adapter'];
const PROMPT = ['--tokens', '5,6,7'];

const wrong: [name: string, args: string[], message: RegExp][] = [
  [
    'a missing model',
    ['generate', '--model', 'no/such/folder', ...PROMPT],
    /no\/such\/folder: expected a folder, got ENOENT.*MissingFileError/,
  ],
  [
    'an adapter in place of a model',
    ['generate', '--model', 'fixtures/embedded/adapter', ...PROMPT],
    /adapter: expected a checkpoint, got an adapter \(adapter_config\.json\).*MissingFileError/,
  ],
  ['a missing adapter', ['generate', ...BASE, '--adapter', 'no/such/folder', ...PROMPT], /MissingFileError/],
  ['a missing prompts file', [...GENERATE, '--prompts', 'no-such.jsonl'], /MissingFileError/],
  [
    'a prompts file that is not JSON lines',
    [...GENERATE, '--prompts', 'README.md'],
    /README\.md line 1: expected JSON, got other text \(.*FormatError/,
  ],
  ['no prompt', GENERATE, /one of --prompt, --prompt-file, --tokens and --prompts, got 0.*ConflictError/],
  ['two prompts', [...GENERATE, ...PROMPT, '--prompt', 'x'], /got 2 of them.*ConflictError/],
  ['an empty prompt', [...GENERATE, '--prompt', ''], /prompt: expected at least one token, got none.*TokenError/],
  [
    'a token out of range',
    [...GENERATE, '--tokens', '5,512'],
    /token 1: expected an id in \[0, 512\), got 512.*TokenError/,
  ],
  ['a negative token', [...GENERATE, '--tokens', '-1'], /token 0: .*got -1.*TokenError/],
  ['tokens that are not numbers', [...GENERATE, '--tokens', '1,x'], /--tokens: .*OptionError/],
  [
    'a prompt over the context limit',
    [...GENERATE, '--tokens', Array(512).fill(7).join(',')],
    /fewer than 512 tokens.*ContextLimitError/,
  ],
  ['a temperature below 0', [...GENERATE, ...PROMPT, '--temperature', '-1'], /temperature: .*-1.*OptionError/],
  ['a temperature that is no number', [...GENERATE, ...PROMPT, '--temperature', 'hot'], /--temperature: .*OptionError/],
  ['top-p above 1', [...GENERATE, ...PROMPT, '--top-p', '1.5'], /top-p: .*OptionError/],
  ['top-k below 0', [...GENERATE, ...PROMPT, '--top-k', '-3'], /OptionError/],
  ['no new tokens', [...GENERATE, ...PROMPT, '--max-new-tokens', '0'], /max new tokens: .*OptionError/],
  ['a seed that is no integer', [...GENERATE, ...PROMPT, '--seed', '1.5'], /seed: .*OptionError/],
  [
    'an unknown rule',
    [...GENERATE, ...PROMPT, '--verify', 'luck'],
    /greedy, rejection, match, .*, lenience, got luck.*OptionError/,
  ],
  [
    'an unknown drafter',
    [...GENERATE, ...PROMPT, '--draft', 'luck'],
    /none, turbo, lookup or model:DIR, got luck.*OptionError/,
  ],
  ['more drafted tokens than heads', [...GENERATE, ...PROMPT, '--draft-tokens', '5'], /\[1, 4\].*got 5.*OptionError/],
  [
    'heads where there are none',
    ['generate', ...BASE, ...PROMPT, '--draft', 'turbo'],
    /speculative heads.*ConflictError/,
  ],
  [
    'greedy verification of a sample',
    [...GENERATE, ...PROMPT, '--verify', 'greedy', '--temperature', '1'],
    /temperature 0.*ConflictError/,
  ],
  [
    'a tree for a rule of chains',
    [...GENERATE, ...PROMPT, '--verify', 'rejection', '--draft-tree', '2,1'],
    /ConflictError/,
  ],
  [
    'a sampled tree for a rule of computed ones',
    [...GENERATE, ...PROMPT, '--verify', 'eagle', '--draft-tree', '2,1', '--draft-sample'],
    /verify eagle: .*siblings top\).*sampled drafts.*ConflictError/,
  ],
  [
    'a computed tree for a rule of sampled ones',
    [...GENERATE, ...PROMPT, '--verify', 'k-seq', '--draft-tree', '2,1'],
    /verify k-seq: .*siblings independent\).*most likely.*ConflictError/,
  ],
  [
    'a sampled tree for a rule of chains',
    [...GENERATE, ...PROMPT, '--verify', 'block', '--draft-tree', '2,1', '--draft-sample'],
    /verify block: .*chain of drafts.*ConflictError/,
  ],
  [
    'a transport plan that is too large',
    [
      ...GENERATE,
      ...PROMPT,
      '--verify',
      'optimal-transport',
      '--draft-tree',
      '3',
      '--draft-sample',
      '--temperature',
      '1',
    ],
    /at most 4096 different sets.*3 siblings of 512.*UnsupportedError/,
  ],
  ['a tree and a chain', [...GENERATE, ...PROMPT, '--draft-tree', '2,1', '--draft-tokens', '2'], /ConflictError/],
  [
    'a tree of a billion nodes',
    [...GENERATE, ...PROMPT, '--draft-tree', '1000,1000,1000'],
    /at most 1024 nodes.*OptionError/,
  ],
  ['a tree by prompt lookup', [...GENERATE, ...PROMPT, '--draft', 'lookup', '--draft-tree', '2'], /ConflictError/],
  [
    'drafted tokens without a drafter',
    [...GENERATE, ...PROMPT, '--draft', 'none', '--draft-tokens', '2'],
    /ConflictError/,
  ],
  ['a comparison without a drafter', ['compare', ...PROMPT, '--draft', 'none'], /ConflictError/],
  ['no runs', ['compare', ...PROMPT, '--runs', '0'], /--runs: .*\[1, 1000\].*OptionError/],
  [
    'a system message without a chat',
    [...GENERATE, '--prompt', 'x', '--system', 'y'],
    /--system: .*--chat.*ConflictError/,
  ],
  ['a chat of token ids', [...GENERATE, ...PROMPT, '--chat'], /--chat: .*--tokens.*ConflictError/],
  ['a chat without a template', [...GENERATE, '--prompt', 'x', '--chat'], /chat_template\.jinja.*MissingFileError/],
  [
    'two adapters of one name',
    [...GENERATE, ...PROMPT, '--adapter', 'fixtures/embedded/adapter'],
    /adapter twice.*OptionError/,
  ],
  [
    'an adapter to choose',
    [...GENERATE, ...PROMPT, '--adapter', 'b=fixtures/embedded/adapter'],
    /one of adapter, b, or null, in each line of --prompts, got several adapters.*ConflictError/,
  ],
  [
    'a negative number of log-probabilities',
    [...GENERATE, ...PROMPT, '--logprobs', '-1'],
    /--logprobs: .*at least 0.*OptionError/,
  ],
  ['an empty batch', [...GENERATE, ...PROMPT, '--batch', '0'], /--batch: .*at least 1.*OptionError/],
  ['a context of one token', [...GENERATE, ...PROMPT, '--context', '1'], /--context: .*at least 2.*OptionError/],
  ['an option in place of a folder', [...GENERATE, '--adapter', '--prompt', 'x'], /--adapter: .*the option --prompt/],
  [
    'the first word of a backend',
    [...GENERATE, ...PROMPT, '--backend', 'gpu'],
    /got gpu \(did you mean gpu:webasm\?\).*OptionError/,
  ],
  ['a merge without an adapter', ['generate', ...BASE, ...PROMPT, '--merge'], /ConflictError/],
  ['an unknown option', [...GENERATE, ...PROMPT, '--tempreature', '1'], /unknown option '--tempreature'/],
  ['an unknown command', ['generrate'], /unknown command 'generrate'/],
  ['no model', ['generate', ...PROMPT], /required option '--model <dir>' not specified/],
  ['a misspelt option for the model', ['generate', '--mdoel', 'x', ...PROMPT], /'--mdoel'\n\(Did you mean --model\?\)/],
  ['a model without its option', ['generate', 'fixtures/embedded/base', ...PROMPT], /got 1/],
  [
    'a position past the text',
    ['logits', ...BASE, ...PROMPT, '--position', '3'],
    /--position: .*\[0, 3\), got 3.*OptionError/,
  ],
  ['logits of missing heads', ['logits', ...BASE, ...PROMPT, '--heads'], /ConflictError/],
  ['a missing folder to inspect', ['inspect', 'no/such/folder'], /MissingFileError/],
];

describe('wrong input', () => {
  for (const [name, args, message] of wrong) {
    it(`${name} is refused`, async () => {
      const { code, stdout, stderr } = await commandLine(...args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('    at ');
      expect(code).toBe(2);
      expect(stdout).toBe('');
    });
  }

  it('leaves no trace file behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-trace-'));
    const { code } = await commandLine(...GENERATE, '--tokens', '5,512', '--trace', join(folder, 'trace.jsonl'));
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
    const unwritable = await commandLine(...GENERATE, ...PROMPT, '--trace', join(folder, 'none', 'trace.jsonl'));
    expect(unwritable.code).toBe(2);
    expect(unwritable.stderr).toMatch(/--trace: expected a writable file, got .*ENOENT.*WriteError/);
  });
});
