/** Cases by `suite/part`, in the order of the first of each. */
export function byPart<T extends { readonly suite: string; readonly part: string }>(
  cases: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const parts = new Map<string, T[]>();
  for (const each of cases) {
    const name = `${each.suite}/${each.part}`;
    const before = parts.get(name);
    if (before === undefined) parts.set(name, [each]);
    else before.push(each);
  }
  return parts;
}
