import { defineConfig } from 'vitest/config';
import { ALIASES } from './test/support/doors.ts';

export default defineConfig({
  resolve: { alias: [...ALIASES] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/package/**'],
    testTimeout: 60_000,
    passWithNoTests: false,
    maxWorkers: '100%',
  },
});
