/** Levels that are written piece by piece: `{"logits": [[…], […]]}` row by row. */
const SPLIT = 2;

/**
 * The text of a value as `JSON.stringify` gives it, in pieces: all logits of a long text exceed the longest string that
 * JavaScript can hold.
 */
export function* jsonPieces(value: unknown, levels = SPLIT): Generator<string> {
  if (levels === 0 || !isPlain(value)) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  const isList = Array.isArray(value);
  const members = isList ? value.map((member) => ['', member] as const) : Object.entries(value);
  let between = isList ? '[' : '{';
  for (const [key, member] of members) {
    if (!isList && member === undefined) continue; // JSON.stringify omits it
    yield isList ? between : `${between}${JSON.stringify(key)}:`;
    yield* jsonPieces(member, levels - 1);
    between = ',';
  }
  yield between === ',' ? (isList ? ']' : '}') : isList ? '[]' : '{}';
}

/** Whether a value is a list or an object without a `toJSON` of its own. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value) && !ArrayBuffer.isView(value);
}
