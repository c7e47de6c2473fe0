import type { Engine, Reply } from './engine.ts';
import type { Request } from './protocol.ts';

/** A request, and what came of it. */
export interface Exchange {
  readonly request: Request;
  readonly reply: Reply;
}

/** An engine whose exchanges are kept. */
export class RecordedEngine implements Engine {
  readonly exchanges: Exchange[] = [];
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async ask(request: Request): Promise<Reply> {
    const reply = await this.#engine.ask(request);
    this.exchanges.push({ request, reply });
    return reply;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
