import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { faultsCommand } from './faults.ts';
import { compareCommand, generateCommand } from './generate.ts';
import { inspectCommand } from './inspect.ts';
import { lawCommand } from './law.ts';
import { logitsCommand } from './logits.ts';
import { rulesCommand } from './rules.ts';

/** The whole command line. */
export function program(): Command {
  const root = new Command('turbo-lora')
    .description(
      'Turbo LoRA in float64: load a Hugging Face checkpoint and its adapters, decode, compare, look inside.',
    )
    .version(packageVersion())
    .helpCommand(false)
    .showHelpAfterError('(--help lists the options)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const decoding = [generateCommand(), compareCommand(), logitsCommand(), inspectCommand()];
  for (const command of [...decoding, lawCommand(), auditCommand(), rulesCommand(), faultsCommand()]) {
    root.addCommand(command.copyInheritedSettings(root).exitOverride());
  }
  return root.exitOverride();
}

/** The version in package.json, which lies two folders up from the sources and from the built files alike. */
function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
