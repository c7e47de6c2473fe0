import type { Progress } from '../law/work.ts';
import { progress } from './output.ts';

/** Shorter work shows nothing. */
const PATIENCE_MS = 1000;

/** A progress bar for exact work, on stderr, once it has taken a few seconds. */
export function workProgress(label: string): { onProgress(progress: Progress): void; done(): void } {
  const start = performance.now();
  let bar: ReturnType<typeof progress> | null = null;
  let shown = 0;
  return {
    onProgress: ({ done, estimated }) => {
      if (performance.now() - start < PATIENCE_MS) return;
      bar ??= progress(label, Math.round(estimated), 'branches, estimated');
      bar.advance(done - shown);
      shown = done;
    },
    done: () => bar?.done(),
  };
}
