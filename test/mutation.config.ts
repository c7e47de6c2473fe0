/** Tests for mutation runs: what exercises rules, sampling and chance directly, with the same random problems every time. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { 'turbo-lora': fileURLToPath(new URL('../src/index.ts', import.meta.url)) } },
  test: {
    include: [
      'test/unit/{verify,sampling,numerics,chance}/**/*.test.ts',
      'test/property/{lossless,acceptance,sampling}.test.ts',
      'test/vectors/sampling.test.ts',
      'test/meta/planted-faults/laws.test.ts',
    ],
    setupFiles: ['test/support/fixed-seed.ts'],
    testTimeout: 20_000,
  },
});
