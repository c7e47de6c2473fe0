/**
 * Tests for mutation runs: what exercises rules, sampling and chance directly, with the same random problems every
 * time.
 */
import { defineConfig } from 'vitest/config';
import { ALIASES } from './support/doors.ts';

export default defineConfig({
  resolve: { alias: [...ALIASES] },
  test: {
    include: [
      'test/unit/{verify,sampling,numerics,chance}/**/*.test.ts',
      'test/property/{lossless,acceptance,sampling}.test.ts',
      'test/vectors/sampling.test.ts',
      'test/meta/planted-faults/laws.test.ts',
    ],
    setupFiles: ['test/support/fixed-seed.ts'],
    testTimeout: 120_000, // the first run may share the machine; mutants have their own limit
  },
});
