/**
 * An engine that runs as a child process. It may hang, die, print junk or flood its output: time and memory stay
 * bounded, the judge goes on, and no process of it is left.
 * @packageDocumentation
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { answerFrom } from '../answer.ts';
import type { Engine, Reply } from '../engine.ts';
import type { Request } from '../protocol.ts';
import { LineReader } from './line-reader.ts';
import { killMarked, markedEnvironment } from './marked-processes.ts';

/** The longest line that is read, in bytes. */
const LONGEST_LINE = 8 * 2 ** 20;
/** What is kept of standard error, in characters. */
const KEPT_STDERR = 2000;
/** How long an engine may take to end once its input is closed, in milliseconds. */
const GRACE_MS = 2000;

/** How an engine is started. */
export interface EngineCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Limit for one answer; the first one, with the start of the engine, has ten times as much. */
  readonly timeoutSeconds: number;
}

/** Starts an engine when it is first asked, and again after it broke. */
export class EngineProcess implements Engine {
  readonly #command: EngineCommand;
  #child: Child | null = null;

  constructor(command: EngineCommand) {
    this.#command = command;
  }

  async ask(request: Request): Promise<Reply> {
    const isFirst = this.#child === null;
    this.#child ??= new Child(this.#command);
    const seconds = this.#command.timeoutSeconds * (isFirst ? 10 : 1);
    const reply = await this.#child.ask(request, seconds);
    if (reply.kind !== 'answer') {
      this.#child.kill();
      this.#child = null;
    }
    return reply;
  }

  async close(): Promise<void> {
    await this.#child?.end();
    this.#child = null;
  }

  /** Ends it at once, for a judge that is interrupted. */
  kill(): void {
    this.#child?.kill();
    this.#child = null;
  }
}

/** One run of the engine. */
class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  #stderr = '';
  #reply: ((reply: Reply) => void) | null = null;
  /** What happened while nothing was asked; the next request gets it. */
  #early: Reply | null = null;
  #asked = -1;
  readonly #mark = randomUUID();
  #isKilled = false;

  constructor({ file, args }: EngineCommand) {
    // Its own process group, so that what the engine starts can be ended with it.
    this.#process = spawn(file, [...args], { detached: true, stdio: 'pipe', env: markedEnvironment(this.#mark) });
    const { stdin, stdout, stderr } = this.#process;
    const lines = new LineReader(
      LONGEST_LINE,
      (line) => this.#settle(answerFrom(line, this.#asked)),
      () => this.#settle({ kind: 'junk', problem: `a line of more than ${LONGEST_LINE} bytes` }),
    );
    stdout.on('data', (piece: Buffer) => lines.push(piece));
    stderr.on('data', (piece: Buffer) => {
      this.#stderr = (this.#stderr + piece.toString('utf8')).slice(-KEPT_STDERR);
    });
    stdin.on('error', () => undefined); // the engine has ended: `exit` tells
    this.#process.on('error', ({ message }) =>
      this.#settle({ kind: 'died', how: `could not be started: ${message}`, stderr: '' }),
    );
    this.#process.on('exit', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `ended with signal ${signal}`;
      setImmediate(() => {
        this.#settle({ kind: 'died', how, stderr: this.#stderr }); // after its last output
        this.kill(); // now: once the whole group has ended its id may become that of others
      });
    });
  }

  ask(request: Request, seconds: number): Promise<Reply> {
    this.#asked = request.id;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle({ kind: 'timeout', seconds }), seconds * 1000);
      this.#reply = (reply) => {
        clearTimeout(timer);
        resolve(reply);
      };
      if (this.#early !== null) this.#settle(this.#early);
      else this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  #settle(reply: Reply): void {
    const waiting = this.#reply;
    this.#reply = null;
    if (waiting !== null) waiting(reply);
    // A line that nobody asked for, or an engine that ended between two requests.
    else this.#early ??= reply.kind === 'answer' ? { kind: 'junk', problem: 'two answers to one request' } : reply;
  }

  /** Closes its input, and ends the whole group if it does not end by itself. */
  async end(): Promise<void> {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit', { signal: AbortSignal.timeout(GRACE_MS) });
      child.stdin.end();
      await ended.catch(() => undefined);
    }
    this.kill();
  }

  /** Ends the whole group at once, and what left it. */
  kill(): void {
    const { pid, stdin, stdout, stderr } = this.#process;
    if (this.#isKilled) return;
    this.#isKilled = true;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // nothing of the group is left
    }
    if (pid !== undefined) killMarked(this.#mark); // what left the group
    // A grandchild may hold the other end of a pipe.
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }
}
