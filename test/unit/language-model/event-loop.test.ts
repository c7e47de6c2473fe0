import { afterEach, describe, expect, it, vi } from 'vitest';
import { breather } from '../../../src/language-model/event-loop.ts';

afterEach(() => vi.unstubAllGlobals());

/** Works for a time without a pause. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function timersDuring(rounds: number): Promise<number> {
  let fired = 0;
  const timer = setInterval(() => {
    fired += 1;
  }, 1);
  const breathe = breather(undefined);
  for (let i = 0; i < rounds; i++) {
    work(5);
    await breathe();
  }
  clearInterval(timer);
  return fired;
}

describe('breather', () => {
  it('lets timers fire', async () => {
    expect(await timersDuring(10)).toBeGreaterThan(4);
  });

  it('does so without setImmediate, as in browsers', async () => {
    vi.stubGlobal('setImmediate', undefined);
    expect(await timersDuring(10)).toBeGreaterThan(4);
  });

  it('throws the reason of an aborted signal, whatever that is', async () => {
    await expect(breather({ aborted: true, reason: undefined })()).rejects.toBe(undefined);
    await expect(breather({ aborted: false, reason: 'none' })()).resolves.toBe(undefined);
  });
});
