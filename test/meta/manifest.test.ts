import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listFixtures, manifestPath } from '../../fixtures/generators/manifest.ts';

it('fixtures/manifest.json lists every fixture with its bytes and sha256, and nothing else', () => {
  const { files } = JSON.parse(readFileSync(manifestPath, 'utf8')) as { files: unknown[] };
  expect(files.length).toBeGreaterThan(0);
  expect(files).toEqual(listFixtures());
});
