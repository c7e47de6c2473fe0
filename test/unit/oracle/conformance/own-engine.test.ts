import { describe, expect, it } from 'vitest';
import { OptionError } from '../../../../src/errors.ts';
import { folderAt } from '../../../../src/formats/folder/node.ts';
import { answerFrom } from '../../../../src/oracle/conformance/answer.ts';
import { OwnEngine } from '../../../../src/oracle/conformance/own-engine.ts';

const engine = new OwnEngine({ version: '1.2.3', folder: folderAt });
const engineWith = (fault: string) => new OwnEngine({ version: '1', folder: folderAt, fault });
const ask = (value: unknown) => engine.answer(JSON.stringify(value));

describe('this package as an engine', () => {
  it('says who it is', async () => {
    const outputs = {
      name: 'turbo-lora',
      version: '1.2.3',
      dtype: 'float64',
      operations: ['accept', 'law', 'draw', 'logits', 'generate'],
    };
    expect(await ask({ id: 4, op: 'hello', protocol: 1 })).toEqual({ id: 4, outputs });
    expect(await engineWith('coin-at-most').answer('{"id":0,"op":"hello","protocol":1}')).toMatchObject({
      outputs: { name: 'turbo-lora with coin-at-most' },
    });
    expect(() => engineWith('no-fault')).toThrow(OptionError);
  });

  it('answers what it does not understand with an error, and an unknown rule with unsupported', async () => {
    expect(await engine.answer('{')).toEqual({ id: 0, error: 'this line is not JSON' });
    expect(await ask(null)).toMatchObject({ id: 0, error: expect.any(String) });
    expect(await ask({ id: 1, op: 'hello', protocol: 2 })).toMatchObject({
      id: 1,
      error: expect.stringMatching(/^protocol/),
    });
    expect(await ask({ id: 2, op: 'dance' })).toMatchObject({ id: 2, error: expect.stringMatching(/^op/) });
    const empty = { dtype: 'F64', shape: [0, 1], hex: '' };
    const inputs = {
      ...{ tokens: [], parents: [], drawn: 'independent', target: empty, draft: empty },
      uniforms: { accept: empty, residual: empty, target: empty },
    };
    const request = { id: 3, op: 'accept', rule: 'x', vocabulary: 1, inputs };
    expect(await ask(request)).toEqual({ id: 3, unsupported: true, reason: expect.stringMatching(/^rule: .* got x$/) });
  });
});

describe('a line as an answer', () => {
  it.each<[string, string, object]>([
    ['no JSON', 'x\u001b', { problem: 'no JSON: "x\\u001b"' }],
    ['another form', '[]', { problem: expect.stringContaining('no answer of the protocol') }],
    ['another id', '{"id":2,"outputs":{}}', { problem: 'an answer to request 2 instead of 1' }],
    [
      'an endless reason',
      `{"id":1,"error":"${'x'.repeat(3000)}"}`,
      { problem: expect.stringMatching(/^no answer .{80,130}$/) },
    ],
  ])('%s is junk', (_, line, expected) => {
    expect(answerFrom(line, 1)).toEqual({ kind: 'junk', ...expected });
  });
});
