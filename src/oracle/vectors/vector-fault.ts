import type { Note } from './vector-file.ts';

/** A fault of an engine, as what it makes of the inputs of a case. */
export interface VectorFault<I, O> {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  /** Where it was found: `owner/repository#number`; empty for a mistake that is easily made. */
  readonly links: readonly string[];
  /** Its output; null where the fault cannot show. */
  readonly plant: (inputs: I) => O | null;
}

/** The notes on faults and edges, of those that some case has. */
export function notesOn(
  used: ReadonlySet<string>,
  edges: Readonly<Record<string, string>>,
  faults: readonly Pick<VectorFault<never, unknown>, 'name' | 'description' | 'links'>[],
): Record<string, Note> {
  const ofEdges = Object.entries(edges).map(([flag, description]): [string, Note] => [
    flag,
    { bugType: 'EdgeCase', description, links: [] },
  ]);
  const ofFaults = faults.map(({ name, description, links }): [string, Note] => [
    name,
    { bugType: 'Fault', description, links },
  ]);
  return Object.fromEntries([...ofEdges, ...ofFaults].filter(([flag]) => used.has(flag)));
}
