import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The package as others install it. It needs the registry, so it is not part of `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/package/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, passWithNoTests: false },
});
