/**
 * Messages, docstrings, comments and pages are in the English that a native engineer writes: none of the old habits.
 */
import { describe, expect, it } from 'vitest';
import { HABITS, habitsIn } from './prose/habits.ts';
import { passagesOf, proseFiles } from './prose/passages.ts';

const files = proseFiles();

describe('prose', () => {
  it('is read from code, pages, schemas, generators and tests', () => {
    const needed = ['README.md', 'src/errors.ts', 'spec/rules.md', 'spec/problem.schema.json', 'docs/glossary.md'];
    const tests = ['test/unit/cli/law.test.ts', 'fixtures/goldens/README.md', 'fixtures/generators/goldens/build.py'];
    expect(files).toEqual(expect.arrayContaining([...needed, ...tests]));
  });

  it.each(HABITS)('has no "$name"', ({ pattern, instead }) => {
    const found = passages.flatMap(({ file, line, text }) => {
      const match = pattern.exec(text);
      if (match === null) return [];
      const around = text.slice(Math.max(0, match.index - 40), match.index + match[0].length + 40);
      return [`${file}:${line}: "…${around}…"; write: ${instead}`];
    });
    expect(found).toEqual([]);
  });
});

const passages = files.flatMap((file) => passagesOf(file));

describe('the check itself', () => {
  it.each(HABITS)('finds "$name" and lets plain English pass', (habit) => {
    expect(habitsIn(habit.bad)).toContain(habit);
    expect(habitsIn(habit.good)).toEqual([]);
  });

  it('reads comments, doc comments, literals and templates, across line ends', () => {
    const code = [
      '/** A read behind',
      ' * the end. */',
      'const a = 1; // worked',
      '// out',
      "const b = 'so many rounds';",
      'const c = `parents that $' + '{a} are no tree`;',
      'const behind = b;',
    ].join('\n');
    const found = passagesOf('x.ts', code).flatMap(({ line, text }) =>
      habitsIn(text).map(({ name }) => `${line} ${name}`),
    );
    expect(found).toEqual(['1 behind, of an order', '3 worked out', '5 so many', '6 is no …']);
  });

  it('reads pages without their code', () => {
    const page = '# Rules\n\nA law is\nno set.\n\n```\nbut for\n```\n\n- it stands\n- `anew` is code\n';
    const found = passagesOf('x.md', page).flatMap(({ line, text }) =>
      habitsIn(text).map(({ name }) => `${line} ${name}`),
    );
    expect(found).toEqual(['3 is no …', '10 stands, of a place']);
  });
});
