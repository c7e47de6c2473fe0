import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../src/errors.ts';
import { parseJsonValue } from '../../../src/formats/json-text.ts';

const parse = (text: string): unknown => parseJsonValue('a.json', Buffer.from(text));

describe('parseJsonValue', () => {
  it.each(['{}', '[]', '{"a":{}}', '[1]'])('counts 99 MB of %s before it builds anything', (value) => {
    const bytes = Buffer.alloc(99_000_000, `${value},`);
    bytes[0] = 0x5b;
    const before = process.memoryUsage().rss;
    expect(() => parseJsonValue('a.json', bytes)).toThrow(/a\.json: expected at most 6000000 JSON values and keys/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6); // the text itself takes 99 MB
  });

  it('refuses 99 MB of brackets by their depth', () => {
    expect(() => parseJsonValue('a.json', Buffer.alloc(99_000_000, '['))).toThrow(/nested at most 64 deep/);
    expect(() => parse(`${'['.repeat(64)}${']'.repeat(64)}`)).not.toThrow();
  });

  it('does not count what is inside strings', () => {
    const brackets = '[{,:'.repeat(5_000_000);
    expect(parse(JSON.stringify([brackets, '"\\"[[', '\\']))).toEqual([brackets, '"\\"[[', '\\']);
  });

  it.each([
    ['{"a": "\\udead"}', /a\.json: expected characters, got a lone surrogate, \\udead at byte 8/],
    ['"\\', /expected JSON/],
    ['"', /expected JSON/],
    ['', /expected JSON/],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(FormatError);
    expect(() => parse(text)).toThrow(message);
  });

  it('names the byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.alloc(100_000, 'é'), Buffer.of(0xff), Buffer.alloc(10, 'a')]);
    expect(() => parseJsonValue('a.json', bytes)).toThrow(/expected UTF-8, got 0xff as byte 100001/);
  });
});
