/**
 * A suite of cases for engines.
 * @packageDocumentation
 */
import type { ConformCase } from '../conform-case.ts';

/** The fixtures that come with the package. Paths are relative to their folder, with forward slashes. */
export interface Fixtures {
  /** The text of a file. */
  text(path: string): string;
  /** Where a file or folder is, for engines that read it. */
  at(path: string): string;
}

/** What is known about a fault. */
export interface KnownFault {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  /** Where it was found: `owner/repository#number` or `arXiv number`, then perhaps a colon and a title. */
  readonly links: readonly string[];
}

/** A suite. */
export interface ConformSuite {
  readonly name: string;
  /** What it asks, in a few words. */
  readonly about: string;
  /** What the flags of its cases mean. */
  readonly flags?: Readonly<Record<string, string>>;
  /** The faults that may explain its failures. Their names are flags too, of cases in which they show. */
  readonly faults?: readonly KnownFault[];
  /** What its cases are reported by, in order. */
  readonly parts: readonly string[];
  /** The cases of some parts. */
  cases(fixtures: Fixtures, parts: readonly string[]): readonly ConformCase[];
}
