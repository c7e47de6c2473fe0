/** The doors of the package: which source file each subpath of `exports` leads to. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Door {
  /** As it is imported: `turbo-lora/verify`. */
  readonly name: string;
  /** Its source, as a path from the project's root. */
  readonly file: string;
}

type Target = string | { readonly default: string };

const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: Record<string, Target> };

/** Every subpath with code, in the order of package.json. */
export const DOORS: readonly Door[] = Object.entries(exports).flatMap(([subpath, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          name: `turbo-lora${subpath.slice(1)}`,
          file: target.default.replace('./dist', 'src').replace(/\.js$/, '.ts'),
        },
      ],
);

/** For Vite: imports of the package lead to its sources. */
export const ALIASES = DOORS.map(({ name, file }) => ({
  find: new RegExp(`^${name}$`),
  replacement: `${root}${file}`,
}));
