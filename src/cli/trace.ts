import { renameSync, writeFileSync } from 'node:fs';
import type { Step } from '../decode/step.ts';
import { OptionError } from '../errors.ts';
import { type RecordedDraw, recordingTape, type Tape } from '../numerics/tape.ts';

/** A file of JSON lines, one per pass through the target. Nothing is written before {@link TraceFile.save}. */
export class TraceFile {
  readonly #lines: string[] = [];

  constructor(readonly path: string) {}

  /** A tape and a step listener for one run; `tags` stand at the beginning of each of its lines. */
  record(tags: Record<string, unknown>, tape: Tape): { tape: Tape; step(step: Step): void } {
    let draws: RecordedDraw[] = [];
    let round = 0;
    return {
      tape: recordingTape(tape, { push: (draw: RecordedDraw) => draws.push(draw) }),
      step: (step) => {
        this.#lines.push(JSON.stringify({ ...tags, round, ...step, draws }));
        draws = [];
        round += 1;
      },
    };
  }

  /** Writes the file under a temporary name, then renames it. @throws {@link OptionError} when that is not possible. */
  save(): void {
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, this.#lines.map((line) => `${line}\n`).join(''));
      renameSync(temporary, this.path);
    } catch (error) {
      throw new OptionError('--trace', 'a file that can be written', this.path, { cause: error });
    }
  }
}
