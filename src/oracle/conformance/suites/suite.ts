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

/** A suite. */
export interface ConformSuite {
  readonly name: string;
  /** What it asks, in a few words. */
  readonly about: string;
  /** What its cases are reported by, in order. */
  readonly parts: readonly string[];
  /** The cases of some parts. */
  cases(fixtures: Fixtures, parts: readonly string[]): readonly ConformCase[];
}
