import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { laidOut } from '../../../src/cli/table.ts';

const HEAD = ['rule', 'what it guarantees', 'passes'];
const ROWS = [
  ['rejection', 'every text has the probability that the model gives it, whoever drafts', '17'],
  ['漢字', '全ての文は模型の確率で現れる 全ての文は模型の確率で現れる 全ての文は模型の確率で現れる', '2'],
];
const widthOf = (table: string): number => Math.max(...table.split('\n').map((line) => stringWidth(line)));

describe('laidOut', () => {
  it('leaves a table alone that fits', () => {
    expect(laidOut(['a', 'b'], [['1', 'x y']], [], 80)).toBe(
      ['┌───┬─────┐', '│ a │ b   │', '├───┼─────┤', '│ 1 │ x y │', '└───┴─────┘'].join('\n'),
    );
  });

  for (const width of [20, 40, 60, 80, 120]) {
    it(`is at most ${width} columns wide and loses nothing, wide characters too`, () => {
      const table = laidOut(HEAD, ROWS, [2], width);
      expect(widthOf(table)).toBeLessThanOrEqual(width);
      const letters = (text: string): string[] => [...text.replace(/[\s│┌─┬┐├┼┤└┴┘]/g, '')].sort();
      const cells = !table.startsWith('┌') ? [...HEAD, ...HEAD, ...ROWS.flat()] : [...HEAD, ...ROWS.flat()];
      expect(letters(table)).toEqual(letters(cells.join('')));
    });
  }

  it('takes width from the widest column, and keeps words whole', () => {
    const table = laidOut(HEAD, ROWS.slice(0, 1), [2], 50);
    expect(table).toContain('│ rejection │');
    expect(table).toContain('│     17 │');
    expect(table).toMatch(/probability/);
  });

  it('writes row by row where columns would have to be cut', () => {
    expect(laidOut(HEAD, ROWS.slice(0, 1), [2], 24)).toBe(
      [
        'rule',
        '  rejection',
        'what it guarantees',
        '  every text has the',
        '  probability that the',
        '  model gives it,',
        '  whoever drafts',
        'passes',
        '  17',
      ].join('\n'),
    );
  });

  it('leaves out columns that may go before it cuts', () => {
    const rows = [['rejection', 'what everyone reads', '17', '0.9']];
    const table = laidOut(['rule', 'guarantee', 'passes', 'speed'], rows, [2, 3], 36, [1, 3]);
    expect(table).toBe(laidOut(['rule', 'passes', 'speed'], [['rejection', '17', '0.9']], [1, 2], 36));
    expect(laidOut(['rule', 'guarantee', 'passes', 'speed'], rows, [2, 3], 24, [1, 3])).toBe(
      laidOut(['rule', 'passes'], [['rejection', '17']], [1], 24),
    );
  });

  it('breaks a word that is wider than a line', () => {
    expect(
      laidOut(['a'], [['x'.repeat(30)]], [], 20)
        .split('\n')
        .map(stringWidth),
    ).toEqual([20, 20, 20, 20, 20, 20]);
  });

  it('breaks a path where its parts end', () => {
    const table = laidOut(['where'], [['server/lorax_server/utils/tokens.py']], [], 30);
    expect(table).toContain('│ server/lorax_server/utils/ │\n│ tokens.py ');
  });

  it('lays out a table without rows', () => {
    expect(widthOf(laidOut(HEAD, [], [], 80))).toBeLessThanOrEqual(80);
  });
});
