/** Engines that misbehave: each gives a reply, in bounded time and memory, and no process is left. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../../../src/oracle/conformance/engine.ts';
import { EngineProcess } from '../../../../../src/oracle/conformance/node/engine-process.ts';

const engines: EngineProcess[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

/** An engine whose program runs `onLine(request, say)` for each request. */
function engine(onLine: string, { timeoutSeconds = 10, before = '' } = {}): EngineProcess {
  const program = `${before}
    const say = (value) => process.stdout.write(typeof value === 'string' ? value : JSON.stringify(value) + '\\n');
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const request = JSON.parse(line);
      ${onLine}
    });`;
  const made = new EngineProcess({ file: process.execPath, args: ['-e', program], timeoutSeconds });
  engines.push(made);
  return made;
}

const hello = (id: number) => ({ id, op: 'hello', protocol: 1 }) as const;
const RIGHT = 'say({ id: request.id, outputs: { x: request.id } });';
const right = (id: number): Reply => ({ kind: 'answer', answer: { id, outputs: { x: id } } });

describe('an engine that answers', () => {
  it('is asked again and again in one process', async () => {
    const one = engine('say({ id: request.id, outputs: { pid: process.pid } });');
    const pids = new Set<unknown>();
    for (const id of [0, 1]) {
      const reply = await one.ask(hello(id));
      pids.add(reply.kind === 'answer' && 'outputs' in reply.answer ? reply.answer.outputs.pid : reply);
    }
    expect([...pids]).toEqual([expect.any(Number)]);
  });

  it('may write an answer in pieces, and refuse or fail', async () => {
    const split = engine(`const text = JSON.stringify({ id: request.id, outputs: { x: request.id } }) + '\\n';
      say(text.slice(0, 5)); setTimeout(() => say(text.slice(5)), 20);`);
    expect(await split.ask(hello(3))).toEqual(right(3));
    const refusing = engine("say({ id: request.id, unsupported: true, reason: 'no' });");
    expect(await refusing.ask(hello(0))).toMatchObject({ answer: { unsupported: true, reason: 'no' } });
    const failing = engine("say({ id: request.id, error: 'oh' });");
    expect(await failing.ask(hello(0))).toMatchObject({ answer: { error: 'oh' } });
  });
});

describe('an engine that misbehaves, and is started again', () => {
  const BREAKS: readonly [string, string, Partial<Reply>][] = [
    ['hangs', 'return;', { kind: 'timeout' }],
    ['drips', "setInterval(() => say(' '), 10);", { kind: 'timeout' }],
    ['dies', "process.stderr.write('out of luck'); process.exit(3);", { kind: 'died', how: 'ended with exit code 3' }],
    ['is killed', "process.kill(process.pid, 'SIGKILL');", { kind: 'died', how: 'ended with signal SIGKILL' }],
    ['prints junk', "say('nonsense\\n');", { kind: 'junk', problem: 'no JSON: "nonsense"' }],
    ['answers NaN', 'say(\'{"id":1,"outputs":{"x":NaN}}\\n\');', { kind: 'junk' }],
    ['answers without outputs', 'say({ id: request.id });', { kind: 'junk' }],
    [
      'answers another request',
      'say({ id: 7, outputs: {} });',
      { kind: 'junk', problem: 'an answer to request 7 instead of 1' },
    ],
    [
      'writes 100 MB on one line',
      "const much = 'x'.repeat(1e6); for (let i = 0; i < 100; i++) say(much);",
      { kind: 'junk' },
    ],
    [
      'floods lines',
      "const flood = () => { say('{}\\n'.repeat(1000)); setImmediate(flood); }; flood();",
      { kind: 'junk' },
    ],
  ];

  it.each(BREAKS)('%s', { timeout: 20_000 }, async (_, bad, expected) => {
    // Only those that are to run into the limit have a short one.
    const timeoutSeconds = expected.kind === 'timeout' ? 0.5 : 10;
    const one = engine(`if (request.id === 1) { ${bad} } else { ${RIGHT} }`, { timeoutSeconds });
    expect(await one.ask(hello(0))).toEqual(right(0));
    const before = process.memoryUsage().rss;
    expect(await one.ask(hello(1))).toMatchObject(expected);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
    expect(await one.ask(hello(2))).toEqual(right(2));
  });

  it('says what it wrote on standard error', async () => {
    const one = engine("process.stderr.write('out of luck', () => process.exit(3));");
    expect(await one.ask(hello(0))).toMatchObject({ kind: 'died', stderr: 'out of luck' });
  });

  it('answers twice: the next request is not given the second answer', async () => {
    const one = engine(`${RIGHT} if (request.id === 0) ${RIGHT}`);
    expect(await one.ask(hello(0))).toEqual(right(0));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await one.ask(hello(1))).toEqual({ kind: 'junk', problem: 'two answers to one request' });
    expect(await one.ask(hello(2))).toEqual(right(2));
  });

  it('dies between two requests', async () => {
    const one = engine(`${RIGHT} if (request.id === 0) setTimeout(() => process.exit(1), 1);`);
    expect(await one.ask(hello(0))).toEqual(right(0));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await one.ask(hello(1))).toMatchObject({ kind: 'died' });
    expect(await one.ask(hello(2))).toEqual(right(2));
  });

  it('cannot be started', async () => {
    const none = new EngineProcess({ file: 'no-such-program', args: [], timeoutSeconds: 1 });
    expect(await none.ask(hello(0))).toMatchObject({ kind: 'died', how: expect.stringContaining('ENOENT') });
    await none.close();
  });
});

describe('what an engine leaves behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      // A zombie has no memory and no code; it waits for its parent.
      return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  /** Starts a process that holds the pipe and never ends, and writes its id into a file. */
  const fork = (name: string, options = ''): string => `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
      { stdio: ['ignore', 'inherit', 'inherit'] ${options} });
    require('node:fs').writeFileSync(${JSON.stringify(join(folder, name))}, String(child.pid));`;
  const gone = async (name: string): Promise<void> => {
    const pid = Number(readFileSync(join(folder, name), 'utf8'));
    await expect.poll(() => isAlive(pid), { timeout: 3000 }).toBe(false);
  };

  it('a fork that keeps the pipe open, after the engine died', async () => {
    const one = engine('process.exit(0);', { before: fork('died') });
    expect(await one.ask(hello(0))).toMatchObject({ kind: 'died' });
    await gone('died');
  });

  it('a fork of an engine that is closed, and one that does not end when its input does', async () => {
    const one = engine(RIGHT, { before: `${fork('closed')} setInterval(() => {}, 1000);` });
    expect(await one.ask(hello(0))).toEqual(right(0));
    const start = performance.now();
    await one.close();
    expect(performance.now() - start).toBeLessThan(4000);
    await gone('closed');
  });

  // Where there is no /proc such a process is not found.
  it.runIf(process.platform === 'linux')('a process that left the group of the engine', async () => {
    const own = ', detached: true'; // setsid
    const dead = engine('process.exit(0);', { before: fork('left-dead', own) });
    expect(await dead.ask(hello(0))).toMatchObject({ kind: 'died' });
    await gone('left-dead');
    const closed = engine(RIGHT, { before: fork('left-closed', own) });
    expect(await closed.ask(hello(0))).toEqual(right(0));
    await closed.close();
    await gone('left-closed');
    const killed = engine(RIGHT, { before: fork('left-killed', own) });
    expect(await killed.ask(hello(0))).toEqual(right(0));
    killed.kill();
    await gone('left-killed');
  });
});
