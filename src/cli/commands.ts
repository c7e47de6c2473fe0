/**
 * The commands by heading, in the order of help. A command's module is loaded when it is used, so that help is quick.
 * @packageDocumentation
 */
import type { Command } from 'commander';

/** A command that may not be loaded yet. */
export interface ListedCommand {
  readonly name: string;
  /** What it does. */
  readonly about: string;
  readonly load: () => Promise<() => Command>;
}

/** Every command, by heading. */
export const COMMANDS: Readonly<Record<string, readonly ListedCommand[]>> = {
  'Generate text:': [
    {
      name: 'generate',
      about: 'Generate text, plainly or speculatively. The text is printed as it is decoded.',
      load: async () => (await import('./generate.ts')).generateCommand,
    },
    {
      name: 'compare',
      about:
        'Decode plainly and speculatively, side by side; exit code 1 if texts differ that must be equal. Without --model: the embedded model.',
      load: async () => (await import('./compare.ts')).compareCommand,
    },
  ],
  'Look inside a model:': [
    {
      name: 'inspect',
      about: 'Show what a model or adapter folder holds and whether it is supported; exit code 1 if it is not.',
      load: async () => (await import('./inspect.ts')).inspectCommand,
    },
    {
      name: 'logits',
      about: 'Print the logits after given tokens, in full precision.',
      load: async () => (await import('./logits.ts')).logitsCommand,
    },
  ],
  'Prove and audit decoding:': [
    {
      name: 'law',
      about:
        'Compute the exact distribution (here: law) of what a rule emits, as fractions; exit code 1 if the rule breaks its claim.',
      load: async () => (await import('./law.ts')).lawCommand,
    },
    {
      name: 'audit',
      about:
        'Judge the rounds of an engine: is it lossless, and if not, which known fault explains it? Exit code: the sum of 1 (wrong text), 4 (other drafts) and 8 (another rule), 0 if none.',
      load: async () => (await import('./audit.ts')).auditCommand,
    },
    {
      name: 'rules',
      about: 'List the acceptance rules and what each guarantees.',
      load: async () => (await import('./rules.ts')).rulesCommand,
    },
    {
      name: 'faults',
      about: 'List known faults of real engines, which `law --fault` can plant.',
      load: async () => (await import('./faults.ts')).faultsCommand,
    },
  ],
  'Test engines:': [
    {
      name: 'conform',
      about: 'Judge an engine, and say which known fault explains what it does wrong.',
      load: async () => (await import('./conform.ts')).conformCommand,
    },
    {
      name: 'report',
      about: 'Merge the reports of shards of `conform`, in any order.',
      load: async () => (await import('./report.ts')).reportCommand,
    },
    {
      name: 'problem',
      about: 'Turn a problem into Hugging Face folders whose next-token distributions are those of the problem.',
      load: async () => (await import('./problem.ts')).problemCommand,
    },
    {
      name: 'fixtures',
      about: 'Make, check and pack the test vectors that engines run, or a regression pack of your own model.',
      load: async () => (await import('./fixtures.ts')).fixturesCommand,
    },
    {
      name: 'engine',
      about: 'Answer `conform` on standard input and output, correctly or with a known fault.',
      load: async () => (await import('./engine.ts')).engineCommand,
    },
  ],
  'Set up:': [
    {
      name: 'completion',
      about: 'Print a script for shell completion.',
      load: async () => (await import('./completion.ts')).completionCommand,
    },
  ],
};
