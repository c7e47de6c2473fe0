/**
 * Runs Jinja templates in a separate process. Neither a worker nor a time limit in this process would be enough: a list
 * that keeps doubling exhausts the heap between two checks of the clock, and then V8 ends the process.
 * @packageDocumentation
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { FormatError, UnsupportedError } from '../../errors.ts';

/** Limits on a template. */
export interface RenderBounds {
  /** For all values together, including the start of the process. */
  readonly seconds?: number;
  /** For its heap. */
  readonly megabytes?: number;
}

const SECONDS = 20;
const MEGABYTES = 256;
/** Characters of all texts together. */
const MOST_OUTPUT = 50_000_000;

// Reads {source, values}, answers with a list of texts or with the message of an exception.
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { Template } = createRequire(process.argv[1])(process.argv[1]);
const { source, values } = JSON.parse(readFileSync(0, 'utf8'));
let answer;
try {
  const template = new Template(source);
  answer = { texts: values.map((value) => template.render(value)) };
} catch (error) {
  answer = { message: String(error?.message ?? error) };
}
writeFileSync(1, JSON.stringify(answer));
`;

/**
 * Renders a template once for each set of values.
 * @throws {@link FormatError} when it is malformed, or raises an exception itself; {@link UnsupportedError} when it
 * exceeds a limit.
 * @source huggingface/huggingface.js `packages/jinja`
 */
export async function renderInProcess(
  label: string,
  source: string,
  values: readonly Readonly<Record<string, unknown>>[],
  { seconds = SECONDS, megabytes = MEGABYTES }: RenderBounds = {},
): Promise<string[]> {
  const output = await answerOf(JSON.stringify({ source, values }), seconds, megabytes);
  if (output === null) {
    throw new UnsupportedError(
      label,
      `a template that needs at most ${seconds} s and ${megabytes} MB`,
      'one that needs more',
    );
  }
  const { texts, message } = JSON.parse(output) as { texts?: string[]; message?: string };
  if (texts === undefined) throw new FormatError(label, 'a chat template that takes these messages', message!);
  return texts;
}

/** What the process wrote, or null when it died or was killed. */
function answerOf(input: string, seconds: number, megabytes: number): Promise<string | null> {
  const library = createRequire(import.meta.url).resolve('@huggingface/jinja');
  const flags = [`--max-old-space-size=${megabytes}`, '--input-type=module', '--eval', PROGRAM];
  const child = spawn(process.execPath, [...flags, library], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const pieces: string[] = [];
    let length = 0;
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      pieces.push(piece);
      length += piece.length;
      if (length > MOST_OUTPUT) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? pieces.join('') : null));
    child.stdin.on('error', () => {}); // a process that died early does not read its input; its exit code tells
    child.stdin.end(input);
  });
}
