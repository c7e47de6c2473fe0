/** Cases that fuzzing has found, each as it was: they hold now, and do so ever after. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mayRefuse } from './surface.ts';
import { surfaceNamed } from './surfaces/index.ts';

const found = new URL('./found/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'found-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const file of readdirSync(found).filter((name) => name.endsWith('.json'))) {
  it(`${file}, found by fuzzing, holds`, async () => {
    const kept = JSON.parse(readFileSync(new URL(file, found), 'utf8')) as { surface: string; case: unknown };
    expect(['taken', 'refused']).toContain(await surfaceNamed(kept.surface).run(kept.case, folder));
  });
}

describe('the check of a case', () => {
  it('lets errors pass that are not the package’s own', async () => {
    await expect(mayRefuse(() => (undefined as unknown as string).length)).rejects.toThrow(TypeError);
  });
});
