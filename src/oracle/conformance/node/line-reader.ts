/** Splits what comes in pieces into lines, and keeps no more of a line than a limit. */
export class LineReader {
  readonly #limit: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isTooLong = false;

  constructor(limit: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#limit = limit;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  /** Takes the next piece. */
  push(piece: Buffer): void {
    let rest = piece;
    for (let end = rest.indexOf(10); end >= 0 && !this.#isTooLong; end = rest.indexOf(10)) {
      this.#keep(rest.subarray(0, end));
      if (this.#isTooLong) return;
      const line = Buffer.concat(this.#pieces).toString('utf8');
      [this.#pieces, this.#bytes] = [[], 0];
      rest = rest.subarray(end + 1);
      this.#onLine(line);
    }
    this.#keep(rest);
  }

  #keep(piece: Buffer): void {
    if (this.#isTooLong) return;
    this.#bytes += piece.length;
    if (this.#bytes > this.#limit) {
      this.#isTooLong = true;
      this.#pieces = [];
      this.#onTooLong();
    } else if (piece.length > 0) {
      this.#pieces.push(piece);
    }
  }
}
