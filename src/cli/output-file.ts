import { OutputFile } from '../formats/folder/node/output-file.ts';
import { onInterrupt } from './interrupt.ts';

/**
 * Opens the file that an option names for writing, before the work starts. Nothing is left of it after an interrupted
 * or failed command.
 * @throws {@link WriteError} when it cannot be written.
 */
export function openOutput(option: string, path: string): OutputFile {
  let forget = (): void => undefined;
  const file = OutputFile.open(option, path, () => forget());
  forget = onInterrupt(() => file.discard());
  return file;
}
