/**
 * Builds the documentation: first the chapters, whose numbers come from running this project's own code, then the site.
 * Everything is local; any warning is a failure.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addAFamily } from './chapters/add-a-family.ts';
import { exactLaws } from './chapters/exact-laws.ts';
import { oneSpeculativeStep } from './chapters/one-speculative-step.ts';
import { loadEmbedded } from './embedded/model.ts';
import { buildSite } from './site.ts';

const generated = fileURLToPath(new URL('./generated/', import.meta.url));

const start = performance.now();
rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });
writeFileSync(`${generated}one-speculative-step.md`, await oneSpeculativeStep(await loadEmbedded()));
writeFileSync(`${generated}exact-laws.md`, await exactLaws());
writeFileSync(`${generated}add-a-family.md`, addAFamily());
const built = await buildSite();
process.stderr.write(
  `${built ? 'docs/site built' : 'failed'} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`,
);
process.exitCode = built ? 0 : 1;
