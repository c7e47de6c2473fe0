import { type RecordedDraw, recordingTape, type Tape } from '../chance/tape.ts';
import type { Step, StepLaws } from '../decode/step.ts';
import type { OutputFile } from '../formats/folder/node/output-file.ts';
import { openOutput } from './output-file.ts';

/**
 * A file of JSON lines, one per target pass, as `spec/trace.schema.json` says, written as the passes end.
 * @throws {@link WriteError} when it cannot be written, before the first pass if that can be known.
 */
export class TraceFile {
  readonly #file: OutputFile;

  constructor(path: string) {
    this.#file = openOutput('--trace', path);
  }

  /** A tape and a step listener for one run; `tags` come first on each of its lines. */
  record(tags: Record<string, unknown>, tape: Tape): { tape: Tape; step(step: Step): void } {
    let draws: RecordedDraw[] = [];
    let round = 0;
    return {
      tape: recordingTape(tape, { push: (draw: RecordedDraw) => draws.push(draw) }),
      step: (step) => {
        const { fed, drafted, parents, accepted, emitted, stop, laws } = step;
        const line = { ...tags, round, fed, drafted, parents, accepted, emitted, stop, draws };
        this.#file.write(`${JSON.stringify(laws === undefined ? line : { ...line, ...lawFields(laws) })}\n`);
        draws = [];
        round += 1;
      },
    };
  }

  /** Renames the file to its final name. */
  save(): void {
    this.#file.finish();
  }

  /** Removes what was written, unless it was saved. */
  discard(): void {
    this.#file.discard();
  }
}

/** The distributions of a pass as a line spells them. */
function lawFields({ target, draft }: StepLaws): Record<string, unknown> {
  return {
    target_laws: [...target].map(([node, law]) => ({ node, ...possible(law) })),
    draft_laws: draft.map((law) => (law === 'point' ? law : possible(law))),
  };
}

/** The tokens of positive probability. */
function possible(law: ArrayLike<number>): { tokens: number[]; probabilities: number[] } {
  const tokens = Array.from(law, (p, token) => (p > 0 ? token : -1)).filter((token) => token >= 0);
  return { tokens, probabilities: tokens.map((token) => law[token]!) };
}
