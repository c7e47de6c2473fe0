/** The chapter "Why it is lossless": exact laws, from one table of three tokens to block verification. */
import { section } from '../writing/markdown.ts';
import { blockSections } from './exact-laws/block.ts';
import { commandLineSections } from './exact-laws/command-line.ts';
import { faultSections } from './exact-laws/faults.ts';
import { rejectionSections } from './exact-laws/rejection.ts';
import { theoremSections } from './exact-laws/theorem.ts';

const OPENING = `---
title: Why it is lossless
group: Chapters
category: Chapters
---

# Why it is lossless, as fractions

[One speculative step](one-speculative-step.md) ended with a table whose last two columns agree, to as many decimals
as were printed. Decimals prove nothing. Faults that shift a distribution by a few percent have passed the tests of well-maintained engines for
years, because such tests draw samples and tolerate small differences.

Here nothing is sampled and nothing is rounded (except in the last section, on engines that can only be sampled). Laws
(probability distributions) are fractions, the production acceptance rules are run over *every* outcome of every draw, and what they
emit is compared with the target by equality of fractions. All tables on this page came from such runs when the page was built, and the
build stops if an identity shown here does not hold.

Letters are those of the [glossary](../glossary.md): p is the target’s law, q the law that a token was drafted from.
Tokens are numbered from 0.`;

const ENDING = `## Where this lives in the code

| what you saw | where it is |
|:--|:--|
| every branch with its probability | {@link enumerate}, over {@link rational} numbers |
| one round as a function of chance | {@link roundProgram}, of an {@link Scheme} |
| laws of a round | {@link roundLaw}, {@link outcomeLaw}, {@link expectedAccepted} |
| the theorem | {@link certify} |
| the rules | {@link rejection}, {@link block} and the other {@link RULES} |
| the faults | {@link FAULTS} |
| all of it at once | {@link exactReport} |
| laws of whole texts, by both decoding loops | {@link textLaw} |
| the test of sampled rounds | {@link SequentialTest}, {@link RoundsTest}, {@link Diagnosis} |`;

/** The chapter as Markdown. */
export async function exactLaws(): Promise<string> {
  const chapter = section(
    OPENING,
    ...rejectionSections(),
    ...faultSections(),
    ...theoremSections(),
    ...blockSections(),
    ...(await commandLineSections()),
    ENDING,
  );
  return `${chapter}\n`;
}
