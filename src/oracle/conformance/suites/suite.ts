/**
 * A suite of cases for engines.
 * @packageDocumentation
 */
import type { Folder, OpenFile } from '../../../formats/folder/folder.ts';
import type { Fault } from '../../../law/faults/fault.ts';
import type { ConformCase } from '../conform-case.ts';

/** The fixtures that come with the package. Paths are relative to their folder, with forward slashes. */
export interface Fixtures {
  /** The text of a file. */
  text(path: string): string;
  /** Where a file or folder is, for engines that read it. */
  at(path: string): string;
  /** A folder, for the judge. */
  folder(path: string): Folder;
  /**
   * A file that an engine wrote, by its path on this machine. Throws a {@link MissingFileError} or a
   * {@link FormatError} when it cannot be opened.
   */
  answered(path: string): OpenFile;
}

/** What is known about a fault. */
export interface KnownFault {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly description: string;
  /** Where it was found: `owner/repository#number` or `arXiv number`, then perhaps a colon and a title. */
  readonly links: readonly string[];
}

/** What is known about a fault, with its references in words. */
export function faultInWords({
  name,
  description,
  references,
}: Pick<Fault, 'name' | 'description' | 'references'>): KnownFault {
  return { name, description, links: references.map(({ where, title }) => `${where}: ${title}`) };
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
