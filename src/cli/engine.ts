import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { folderAt } from '../formats/folder/node.ts';
import { ENGINE_FAULTS } from '../oracle/conformance/own-engine/vectors.ts';
import { OwnEngine } from '../oracle/conformance/own-engine.ts';
import { choice } from './choice.ts';
import { withExamples } from './help.ts';
import { print } from './output.ts';
import { packageVersion } from './version.ts';

/** `engine`: this package, speaking the protocol of `conform`. */
export function engineCommand(): Command {
  const command = new Command('engine')
    .addOption(choice('--fault <name>', 'plant a known fault of real engines', [...ENGINE_FAULTS]))
    .action(async ({ fault }: { fault?: string }) => {
      const engine = new OwnEngine({ version: packageVersion(), folder: folderAt, fault: fault ?? null });
      for await (const line of createInterface({ input: process.stdin })) {
        print(`${JSON.stringify(await engine.answer(line))}\n`);
      }
    });
  return withExamples(
    command,
    ['turbo-lora conform -- turbo-lora engine', 'judge this package'],
    ['turbo-lora conform -- turbo-lora engine --fault coin-at-most', 'see what a report on a fault looks like'],
  );
}
