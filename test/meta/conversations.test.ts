/** The example conversations of `spec/` fit the schemas, and are what this package's own engine answers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderAt } from '../../src/formats/folder/node.ts';
import { OwnEngine } from '../../src/oracle/conformance/own-engine.ts';
import { answerShape, requestShape } from '../../src/oracle/conformance/protocol.ts';
import { root, textOf } from './sources.ts';

const files = readdirSync(join(root, 'spec', 'conversations'));

it('there is one for every operation', () => {
  const asked = requestShape.options.map(({ shape }) => `${shape.op.value}.jsonl`);
  expect(files.sort()).toEqual(asked.sort());
});

it.each(files)('%s', async (file) => {
  const engine = new OwnEngine({ version: '0.1.0', folder: folderAt });
  const lines = textOf(`spec/conversations/${file}`).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.length % 2).toBe(0);
  for (let i = 0; i < lines.length; i += 2) {
    const [asked, answered] = [lines[i]!, JSON.parse(lines[i + 1]!)];
    expect(requestShape.parse(JSON.parse(asked)).op).toBe(file.replace('.jsonl', ''));
    expect(answerShape.parse(answered)).toEqual(answered);
    expect(JSON.parse(JSON.stringify(await engine.answer(asked)))).toEqual(answered);
  }
});
