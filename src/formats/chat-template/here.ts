import { Template } from '@huggingface/jinja';
import { FormatError } from '../../errors.ts';

/**
 * Renders a template in this thread, once for each set of values. A template is an untrusted program, and nothing here
 * limits its time or memory: in a browser, call this from a worker that can be ended.
 * @throws {@link FormatError} when the template is malformed, or throws by itself.
 * @source huggingface/huggingface.js `packages/jinja`
 */
export async function renderHere(
  label: string,
  source: string,
  values: readonly Readonly<Record<string, unknown>>[],
): Promise<string[]> {
  try {
    const template = new Template(source);
    return values.map((value) => template.render(value));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FormatError(label, 'a chat template that takes these messages', message, { cause: error });
  }
}
