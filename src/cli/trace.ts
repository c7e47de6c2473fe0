import type { Step } from '../decode/step.ts';
import type { OutputFile } from '../formats/output-file.ts';
import { type RecordedDraw, recordingTape, type Tape } from '../numerics/tape.ts';
import { openOutput } from './output-file.ts';

/**
 * A file of JSON lines, one per pass through the target, written as the passes end.
 * @throws {@link WriteError} when it cannot be written, before the first pass if that can be known.
 */
export class TraceFile {
  readonly #file: OutputFile;

  constructor(path: string) {
    this.#file = openOutput('--trace', path);
  }

  /** A tape and a step listener for one run; `tags` stand at the beginning of each of its lines. */
  record(tags: Record<string, unknown>, tape: Tape): { tape: Tape; step(step: Step): void } {
    let draws: RecordedDraw[] = [];
    let round = 0;
    return {
      tape: recordingTape(tape, { push: (draw: RecordedDraw) => draws.push(draw) }),
      step: (step) => {
        this.#file.write(`${JSON.stringify({ ...tags, round, ...step, draws })}\n`);
        draws = [];
        round += 1;
      },
    };
  }

  /** Gives the file its name. */
  save(): void {
    this.#file.finish();
  }

  /** Removes what was written, unless it was saved. */
  discard(): void {
    this.#file.discard();
  }
}
