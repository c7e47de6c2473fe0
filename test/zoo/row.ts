/** A row of the kill matrix. */
export interface Row {
  readonly fault: string;
  /** What it was put before: the judge of `conform`, the audit of sampled rounds, or the vectors, whose flags are read. */
  readonly by: 'conform' | 'audit' | 'vectors';
  /** Whether it is in the catalogue, so that it can be named. */
  readonly isListed: boolean;
  readonly caught: readonly Catch[];
  /** What is said to explain all of it, the first name first. */
  readonly named: readonly string[];
}

/** A part of a suite that catches a fault, or a problem on which an audit does. */
export interface Catch {
  readonly part: string;
  readonly failed: number;
  /** Cases that were judged, or rounds. */
  readonly of: number;
  /** The first case that fails; of an audit, what it ran on. */
  readonly first: string;
}

/** Of a fault outside the catalogue nothing may be named. */
export const isDiagnosed = ({ fault, named, isListed }: Row): boolean =>
  isListed ? named[0] === fault : named.length === 0;

/** Names that are in every list, in the order of the first. */
export function inAll(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  return first.filter((name) => others.every((other) => other.includes(name)));
}
