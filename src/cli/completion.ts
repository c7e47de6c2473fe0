import { Argument, Command } from 'commander';
import { oneOf } from './choice.ts';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import { completionWords } from './completion/words.ts';
import { zshScript } from './completion/zsh.ts';
import { withExamples } from './help.ts';
import { print } from './output.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
const SHELLS = Object.keys(SCRIPTS);

/** `completion`: a script that tells a shell the commands, options and values. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .addArgument(
      new Argument('<shell>', 'the shell').choices(SHELLS).argParser((text: string) => oneOf('shell', text, SHELLS)),
    )
    .action((shell: keyof typeof SCRIPTS) => {
      print(SCRIPTS[shell](completionWords(command.parent!)));
    });
  return withExamples(
    command,
    ['source <(turbo-lora completion bash)', 'in ~/.bashrc; the same with zsh in ~/.zshrc'],
    ['turbo-lora completion fish | source', 'in ~/.config/fish/config.fish'],
  );
}
