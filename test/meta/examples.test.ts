/** Every `@example` in a doc comment is a program that runs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { blockTags, docComments, parse, root, sourceFiles } from './sources.ts';

const folder = join(root, '.cache', 'examples', `${process.pid}`);

interface Example {
  readonly name: string;
  readonly code: string;
}

/** Examples may be in a code fence or, as documentation generators allow, without one. */
function examplesOf(file: string): Example[] {
  return docComments(parse(file)).flatMap(({ symbol, text }) =>
    blockTags(text, 'example').map((content, i) => ({
      name: `${file} ${symbol}${i === 0 ? '' : ` (${i + 1})`}`,
      code: content.replace(/^```\w*\n/, '').replace(/\n```$/, ''),
    })),
  );
}

const examples = sourceFiles().flatMap(examplesOf);

mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('there are examples', () => {
  expect(examples.length).toBeGreaterThan(0);
});

for (const { name, code } of examples) {
  it(name, async () => {
    expect(code, 'an example asserts something').toMatch(/\bassert\b/);
    const file = join(folder, `${name.replace(/[^\w-]+/g, '_')}.ts`);
    writeFileSync(file, `${code}\n`);
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  });
}
