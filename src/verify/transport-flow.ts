import type { Arithmetic } from '../numerics/arithmetic.ts';

/** The flow: `sent[s][i]` from supply s to its i-th target, `received[x]` into demand x. */
export interface Flow<T> {
  readonly sent: T[][];
  readonly received: T[];
}

/**
 * One step of a path: from a supply to its target number `edge`; `back` returns flow that another supply sent there.
 */
interface Step {
  readonly supply: number;
  readonly edge: number;
}

/**
 * A maximum flow from supplies to demands, each supply only to its own targets: augmenting paths are filled one after
 * the other, shortest first, until none is left (Edmonds and Karp). Exact where the arithmetic is; each path exhausts a
 * supply, a demand or an earlier flow to the last bit, so the algorithm terminates in float64 too.
 * @shape supplies: [S]; demands: [V]; targets: [S], indices of demands; sent: [S][targets of s]; received: [V]
 * @source Edmonds and Karp 1972, Journal of the ACM 19(2), section 1.2
 * @example
 * import assert from 'node:assert/strict';
 * import { float64 } from 'turbo-lora/numerics';
 * import { largestFlow } from 'turbo-lora/verify';
 * // The first supply must give way to the second, which has only one target.
 * assert.deepEqual(largestFlow(float64, [1, 1], [1, 1], [[0, 1], [0]]).sent, [[0, 1], [1]]);
 */
export function largestFlow<T>(
  arithmetic: Arithmetic<T>,
  supplies: readonly T[],
  demands: readonly T[],
  targets: readonly (readonly number[])[],
): Flow<T> {
  const { zero, add, subtract, compare } = arithmetic;
  const [left, open] = [[...supplies], [...demands]];
  const sent = targets.map((own) => own.map(() => zero));
  const suppliersOf = demands.map(() => [] as number[]);
  targets.forEach((own, supply) => {
    for (const x of own) suppliersOf[x]!.push(supply);
  });
  for (;;) {
    const path = pathWithRoom(arithmetic, left, open, sent, targets, suppliersOf);
    if (path === null) break;
    // Along the path: sent by each step's supply, taken back from the next step's.
    const target = ({ supply, edge }: Step): number => targets[supply]![edge]!;
    const taken = path
      .slice(1)
      .map(({ supply }, i): Step => ({ supply, edge: targets[supply]!.indexOf(target(path[i]!)) }));
    const end = target(path.at(-1)!);
    let room = compare(left[path[0]!.supply]!, open[end]!) <= 0 ? left[path[0]!.supply]! : open[end]!;
    for (const { supply, edge } of taken) if (compare(sent[supply]![edge]!, room) < 0) room = sent[supply]![edge]!;
    for (const { supply, edge } of path) sent[supply]![edge] = add(sent[supply]![edge]!, room);
    for (const { supply, edge } of taken) sent[supply]![edge] = subtract(sent[supply]![edge]!, room);
    left[path[0]!.supply] = subtract(left[path[0]!.supply]!, room);
    open[end] = subtract(open[end]!, room);
  }
  return { sent, received: demands.map((demand, x) => subtract(demand, open[x]!)) };
}

/** The shortest path from a supply with something left to an open demand, or null. */
function pathWithRoom<T>(
  { zero, compare }: Arithmetic<T>,
  left: readonly T[],
  open: readonly T[],
  sent: readonly (readonly T[])[],
  targets: readonly (readonly number[])[],
  suppliersOf: readonly (readonly number[])[],
): Step[] | null {
  const positive = (amount: T): boolean => compare(amount, zero) > 0;
  const queue = left.flatMap((amount, supply) => (positive(amount) ? [{ supply, path: [] as Step[] }] : []));
  const [seenSupplies, seenDemands] = [new Set(queue.map(({ supply }) => supply)), new Set<number>()];
  for (const { supply, path } of queue) {
    for (const [edge, x] of targets[supply]!.entries()) {
      if (seenDemands.has(x)) continue;
      seenDemands.add(x);
      const steps = [...path, { supply, edge }];
      if (positive(open[x]!)) return steps;
      for (const other of suppliersOf[x]!) {
        if (seenSupplies.has(other) || !positive(sent[other]![targets[other]!.indexOf(x)]!)) continue;
        seenSupplies.add(other);
        queue.push({ supply: other, path: steps });
      }
    }
  }
  return null;
}
