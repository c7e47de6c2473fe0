/**
 * Bundles for a browser. A built-in module of Node cannot be resolved in one, so a bundle with such an import fails.
 */
import { type BuildResult, build, type OutputFile } from 'esbuild';
import { root } from '../meta/sources.ts';

/** The optional peer, which a page brings along if it wants it. */
const PEERS = ['gpu.js'];

export type Bundle = BuildResult<{ write: false; metafile: true }>;

/**
 * Bundles source files, given as paths from the project's root. Imports of the package lead to its sources, by
 * tsconfig.json.
 */
export function bundle(files: readonly string[], format: 'esm' | 'iife' = 'esm'): Promise<Bundle> {
  return build({
    ...{ entryPoints: [...files], bundle: true, write: false, metafile: true, platform: 'browser', format },
    ...{ absWorkingDir: root, tsconfig: 'tsconfig.json', outdir: '.cache/browser', external: PEERS },
    ...{ target: 'es2023', logLevel: 'silent', ...(format === 'iife' && { globalName: 'page' }) },
  });
}

/** Paths of the files that went into a bundle, from the project's root. */
export const inputsOf = ({ metafile }: Bundle): string[] => Object.keys(metafile.inputs);

/** The modules that a bundle imports and does not hold. */
export function externalsOf({ metafile }: Bundle): string[] {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return imports.filter(({ external }) => external === true).map(({ path }) => path);
}

export const codeOf = ({ outputFiles }: Bundle): string => (outputFiles as [OutputFile])[0].text;
