import { Command } from 'commander';
import { refuseMisreadings } from './arguments.ts';
import { auditCommand } from './audit.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { conformCommand } from './conform.ts';
import { engineCommand } from './engine.ts';
import { faultsCommand } from './faults.ts';
import { fixturesCommand } from './fixtures.ts';
import { generateCommand } from './generate.ts';
import { helpSettings } from './help.ts';
import { inspectCommand } from './inspect.ts';
import { lawCommand } from './law.ts';
import { logitsCommand } from './logits.ts';
import { print, printableLines, sayStyled } from './output.ts';
import { problemCommand } from './problem.ts';
import { reportCommand } from './report.ts';
import { rulesCommand } from './rules.ts';
import { packageVersion } from './version.ts';

/** The whole command line. */
export function program(): Command {
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
  addGroup(root, 'Generate text:', [generateCommand(), compareCommand()]);
  addGroup(root, 'Look inside a model:', [inspectCommand(), logitsCommand()]);
  addGroup(root, 'Prove and audit decoding:', [lawCommand(), auditCommand(), rulesCommand(), faultsCommand()]);
  addGroup(root, 'Test engines:', [
    conformCommand(),
    reportCommand(),
    problemCommand(),
    fixturesCommand(),
    engineCommand(),
  ]);
  addGroup(root, 'Set up:', [completionCommand()]);
  return root.exitOverride();
}

function addGroup(root: Command, heading: string, commands: readonly Command[]): void {
  root.commandsGroup(heading);
  for (const command of commands) {
    command.copyInheritedSettings(root).exitOverride().helpOption('-h, --help', 'show this help').helpGroup(heading);
    for (const inner of command.commands) {
      inner.copyInheritedSettings(command).exitOverride().helpOption('-h, --help', 'show this help');
      refuseMisreadings(inner);
    }
    root.addCommand(refuseMisreadings(command));
  }
}
