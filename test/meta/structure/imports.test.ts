/** Imports point down the floors and never in a circle. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, sourceFiles } from '../sources.ts';
import { floorOf, placeOf } from './floors.ts';
import { circlesIn, importsOf } from './imports.ts';

const files = sourceFiles();
const imports = new Map(files.map((file) => [file, importsOf(parse(file))]));

/** The only file outside `gpu/` that knows it: it opens backends by name. */
const CHOOSER = 'src/language-model/backends.ts';

/** Why an import is not allowed, or null. */
function objection(file: string, imported: string): string | null {
  if (!imported.startsWith('src/')) return imported === 'turbo-lora' ? 'imports the package by name' : null;
  const [from, to] = [placeOf(file), placeOf(imported)];
  if (floorOf(to) > floorOf(from)) return `points up from ${from} to ${to}`;
  return to === 'gpu' && from !== 'gpu' && file !== CHOOSER ? 'only gpu may import gpu' : null;
}

describe('floors', () => {
  it('each folder is on one', () => {
    const places = new Set(files.map(placeOf));
    expect([...places].filter((place) => floorOf(place) < 0)).toEqual([]);
  });

  it('imports point down', () => {
    const wrong = files.flatMap((file) =>
      imports.get(file)!.flatMap((imported) => {
        const why = objection(file, imported);
        return why === null ? [] : [`${file} imports ${imported}: ${why}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('the check itself fails', () => {
    expect(objection('src/chance/tape.ts', 'src/model/session.ts')).toMatch(/points up/);
    expect(objection('src/numerics/tensor.ts', 'src/chance/slot.ts')).toMatch(/points up/);
    expect(objection('src/decode/plain.ts', 'src/chance/tape.ts')).toBe(null);
    expect(objection('src/formats/json.ts', 'src/gpu/ops.ts')).toBe('only gpu may import gpu');
    expect(objection(CHOOSER, 'src/gpu/backend.ts')).toBe(null);
  });
});

describe('circles', () => {
  it('no files import each other, for types neither', () => {
    expect(circlesIn(imports)).toEqual([]);
  });

  it('the check itself fails', () => {
    const graph = { a: ['b'], b: ['c', 'd'], c: ['a', 'fs'], d: [], e: ['e'], f: ['g'], g: ['f', 'a'] };
    expect(circlesIn(new Map(Object.entries(graph)))).toEqual([['a', 'b', 'c'], ['e'], ['f', 'g']]);
    // A tape that knows the interface of chance, which knows the tape.
    const back = new Map(imports).set('src/chance/slot.ts', ['src/chance/tape.ts']);
    expect(circlesIn(back)).toEqual([['src/chance/slot.ts', 'src/chance/tape.ts']]);
  });

  it('every kind of import is seen', () => {
    const text = `
      import a from './a.ts'; import type { B } from './b.ts'; import './c.ts';
      export { d } from './d.ts'; export type { E } from './e.ts'; export * from '../f.ts';
      type G = import('./g.ts').G; const h = await import('./h.ts');`;
    const source = ts.createSourceFile('src/x/y.ts', text, ts.ScriptTarget.ES2023, true);
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `src/x/${name}.ts`);
    expect(importsOf(source)).toEqual([...names, 'src/f.ts', 'src/x/g.ts', 'src/x/h.ts']);
  });
});
