import { Command } from 'commander';
import { refuseMisreadings } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { helpSettings } from './help.ts';
import { print, printableLines, sayStyled } from './output.ts';
import { packageVersion } from './version.ts';

/**
 * The command line that these arguments need: commands that they don't name have a description, and nothing else.
 * Without arguments, everything.
 */
export async function program(args?: readonly string[]): Promise<Command> {
  const root = new Command('turbo-lora')
    .description('Turbo LoRA and speculative decoding in float64: generate, compare, prove, audit.')
    .usage('<command> [options]')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; after a command, help for that command')
    .helpCommand('help [command]', 'Show help for a command.')
    .enablePositionalOptions() // what follows a command is its own, which commands inside commands need
    .showHelpAfterError('(--help lists the options)')
    .configureHelp(helpSettings)
    .configureOutput({
      writeOut: print,
      writeErr: sayStyled,
      outputError: (text, writeMessage) => writeMessage(printableLines(text)), // it quotes user input
    });
  for (const [heading, listed] of Object.entries(COMMANDS)) {
    root.commandsGroup(heading);
    for (const { name, about, load } of listed) {
      const command = isNeeded(name, args) ? (await load())() : new Command(name);
      addCommand(root, heading, command.description(about));
    }
  }
  return root.exitOverride();
}

/** Shell completion tells what all commands take. */
function isNeeded(name: string, args: readonly string[] | undefined): boolean {
  return args === undefined || args.includes(name) || args.includes('completion');
}

function addCommand(root: Command, heading: string, command: Command): void {
  command.copyInheritedSettings(root).exitOverride().helpOption('-h, --help', 'show this help').helpGroup(heading);
  for (const inner of command.commands) {
    inner.copyInheritedSettings(command).exitOverride().helpOption('-h, --help', 'show this help');
    refuseMisreadings(inner);
  }
  root.addCommand(refuseMisreadings(command));
}
