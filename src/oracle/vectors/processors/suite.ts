/**
 * The suite of processors: one file for each, and one for combinations.
 * @packageDocumentation
 */
import { hexRows } from '../hex-tensor.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT } from '../vector-file.ts';
import { type ChosenLaw, chosenLaws, LAW_CLASSES } from './chosen-laws.ts';
import { LAW_FAULTS } from './faults/index.ts';
import { LAW_FLAGS } from './law-flags.ts';
import { LAW_TOPICS, type LawTopic } from './law-topics.ts';
import { type LawFile, type LawVector, writtenLawInputs } from './law-vectors.ts';

/** The files of the suite by name, each made when it is asked for. */
export function lawFiles(seed: number): Map<string, () => LawFile> {
  return new Map(LAW_TOPICS.map((topic, i) => [`processors/${topic.name}.json`, () => lawFile(topic, seed * 64 + i)]));
}

function lawFile(topic: LawTopic, seed: number): LawFile {
  const groups = LAW_CLASSES.map((kind) => ({
    source: kind.source,
    class: kind.name,
    vocabulary: kind.vocabulary,
    tests: chosenLaws(topic, kind, seed).map((chosen, i) =>
      lawVector(`law-${topic.name}-${kind.name}-${i + 1}`, chosen),
    ),
  })).filter(({ tests }) => tests.length > 0);
  const used = new Set(groups.flatMap(({ tests }) => tests.flatMap(({ flags }) => flags)));
  return {
    algorithm: topic.name,
    formatVersion: VECTOR_FORMAT,
    header: [
      `From the logits of a row to the law that a token is drawn from. ${topic.about}.`,
      'Order and borders: transformers 5.23.0, generation/logits_process.py.',
    ],
    notes: notesOn(used, LAW_FLAGS, [...LAW_FAULTS.values()]),
    groups,
  };
}

function lawVector(id: string, { inputs, law, compare, flags, faults }: ChosenLaw): LawVector {
  const { vocabulary, prompt, generated, drafted } = inputs;
  return {
    id,
    comment: `after ${prompt.length} + ${generated.length} + ${drafted.length} tokens (prompt, generated, drafted)`,
    flags: [...flags, ...faults],
    spec: ['SPEC-TARGET-PROCESSED', 'SPEC-PROCESSORS', ...(flags.includes('Greedy') ? ['SPEC-GREEDY'] : [])],
    inputs: writtenLawInputs(inputs),
    outputs: { law: hexRows([law], vocabulary) },
    compare,
    result: 'valid',
    margin: null,
  };
}
