/** The architectures of the goldens, by family: whatever family has a golden is in. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Architecture } from '../../src/formats/checkpoint/declared.ts';
import { readArchitecture } from '../../src/formats/families/index.ts';
import type { JsonObject } from '../../src/formats/json.ts';

export interface GoldenArchitecture {
  readonly golden: string;
  readonly family: string;
  readonly architecture: Architecture;
}

const root = new URL('../../fixtures/goldens/', import.meta.url).pathname;

/** One list per family, of goldens without adapters and heads. */
export function goldenArchitectures(): GoldenArchitecture[][] {
  const all = readdirSync(root)
    .filter((golden) => existsSync(`${root}${golden}/base/config.json`))
    .flatMap((golden) => {
      const config = JSON.parse(readFileSync(`${root}${golden}/base/config.json`, 'utf8')) as JsonObject;
      const architecture = readArchitecture('config.json', config);
      const { family } = architecture.transformer.config;
      return readdirSync(`${root}${golden}`).length === PARTS_WITHOUT_ADAPTER ? [{ golden, family, architecture }] : [];
    });
  return [...new Set(all.map(({ family }) => family))].map((family) => all.filter((one) => one.family === family));
}

/** base, case.json and expected.safetensors */
const PARTS_WITHOUT_ADAPTER = 3;
