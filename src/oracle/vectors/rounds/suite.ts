/**
 * The suite of rounds: one file per acceptance rule.
 * @packageDocumentation
 */
import { FAULTS } from '../../../law/faults/faults.ts';
import type { Rule } from '../../../verify/rule.ts';
import { RULES } from '../../../verify/rules.ts';
import { type Note, VECTOR_FORMAT, type VectorFile } from '../vector-file.ts';
import { chosenRounds, ROUND_CLASSES } from './chosen-rounds.ts';
import { ROUND_FLAGS } from './flags.ts';
import { type RoundVector, type RoundVectorInputs, type RoundVectorOutputs, roundVector } from './round-vectors.ts';

/** The files of the suite by name, each made when it is asked for. */
export function roundFiles(seed: number): Map<string, () => VectorFile<RoundVectorInputs, RoundVectorOutputs>> {
  return new Map([...RULES.values()].map((rule) => [`rounds/${rule.name}.json`, () => roundFile(rule, seed)]));
}

/** The vectors of a rule. */
export function roundFile(rule: Rule, seed: number): VectorFile<RoundVectorInputs, RoundVectorOutputs> {
  const groups = ROUND_CLASSES.map((kind) => ({
    source: kind.source,
    class: kind.name,
    vocabulary: kind.vocabulary,
    tests: chosenRounds(rule, kind, seed).map(({ round, faults }, i) =>
      roundVector(`round-${rule.name}-${kind.name}-${i + 1}`, round, faults),
    ),
  }));
  return {
    algorithm: rule.name,
    formatVersion: VECTOR_FORMAT,
    header: [
      `One round of speculative decoding under the acceptance rule ${rule.name}: ${rule.guarantee}.`,
      `Source: ${rule.source}.`,
    ],
    notes: notesOf(groups.flatMap(({ tests }) => tests)),
    groups,
  };
}

function notesOf(tests: readonly RoundVector[]): Record<string, Note> {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const edges = Object.entries(ROUND_FLAGS).map(([flag, description]): [string, Note] => [
    flag,
    { bugType: 'EdgeCase', description, links: [] },
  ]);
  const faults = [...FAULTS.values()].map(({ name, description, references }): [string, Note] => [
    name,
    { bugType: 'Fault', description, links: references.map(({ where }) => where) },
  ]);
  return Object.fromEntries([...edges, ...faults].filter(([flag]) => used.has(flag)));
}
