import { Command } from 'commander';
import { compareCommand, generateCommand } from './generate.ts';
import { inspectCommand } from './inspect.ts';
import { logitsCommand } from './logits.ts';

/** The whole command line. */
export function program(): Command {
  const root = new Command('turbo-lora')
    .description(
      'Turbo LoRA in float64: load a Hugging Face checkpoint and its adapters, decode, compare, look inside.',
    )
    .helpCommand(false)
    .showHelpAfterError('(--help lists the options)')
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  for (const command of [generateCommand(), compareCommand(), logitsCommand(), inspectCommand()]) {
    root.addCommand(command.copyInheritedSettings(root).exitOverride());
  }
  return root.exitOverride();
}
