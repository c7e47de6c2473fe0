/**
 * The suite of draws: one file for each way to draw.
 * @packageDocumentation
 */
import type { DrawMethod } from '../../../chance/chance.ts';
import { notesOn } from '../vector-fault.ts';
import { VECTOR_FORMAT } from '../vector-file.ts';
import { chosenDraws, DRAW_CLASSES } from './chosen-draws.ts';
import { INVERSE_CDF_FAULTS, RACE_FAULTS } from './draw-faults.ts';
import { DRAW_FLAGS } from './draw-flags.ts';
import { type DrawFile, writtenDrawInputs } from './draw-vectors.ts';

const METHODS = [
  {
    name: 'inverse-cdf',
    method: 'inverse cdf',
    about: 'By inverse CDF in ascending id: the first token i with `u * total < w0 + … + wi`.',
    faults: INVERSE_CDF_FAULTS,
  },
  {
    name: 'race',
    method: 'race',
    about: 'By a race: token i has the clock `-log(1 - ui) / wi`, and the first clock wins (the Gumbel-max trick).',
    faults: RACE_FAULTS,
  },
] as const;

/** The method that a file of draws is about. */
export function drawMethodOf(algorithm: string): DrawMethod {
  return METHODS.find(({ name }) => name === algorithm)!.method;
}

/** The files of the suite by name, each made when it is asked for. */
export function drawFiles(seed: number): Map<string, () => DrawFile> {
  return new Map(METHODS.map((each, i) => [`draws/${each.name}.json`, () => drawFile(each, seed * 64 + i)]));
}

function drawFile({ name, method, about, faults }: (typeof METHODS)[number], seed: number): DrawFile {
  const groups = DRAW_CLASSES.map((kind, place) => ({
    source: kind.source,
    class: kind.name,
    vocabulary: kind.vocabulary,
    tests: chosenDraws(method, kind, seed * 8 + place).map(({ inputs, drawn, flags, faults: caught }, i) => ({
      id: `draw-${name}-${kind.name}-${i + 1}`,
      comment: `token ${drawn.token}`,
      flags: [...flags, ...caught],
      spec: [method === 'race' ? 'SPEC-DRAW-RACE' : 'SPEC-DRAW-BOUNDARY'],
      inputs: writtenDrawInputs(inputs),
      outputs: { token: drawn.token },
      compare: 'exact' as const,
      result: 'valid' as const,
      margin: Number.isFinite(drawn.margin) ? drawn.margin : null,
    })),
  })).filter(({ tests }) => tests.length > 0);
  const used = new Set(groups.flatMap(({ tests }) => tests.flatMap(({ flags }) => flags)));
  return {
    algorithm: name,
    formatVersion: VECTOR_FORMAT,
    header: [about, 'A token of weight zero is never drawn, even at u = 0.'],
    notes: notesOn(used, DRAW_FLAGS, faults),
    groups,
  };
}
