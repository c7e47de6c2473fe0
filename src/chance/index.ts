/**
 * What a random choice means here: draws from named slots of a tape that can be recorded and replayed, the same code
 * enumerated over all its branches, inverse cumulative sums, races and their joint laws.
 * @packageDocumentation
 */
export type { Alternative } from './alternatives.ts';
export type { Chance, DrawMethod } from './chance.ts';
export {
  type Branch,
  enumerate,
  enumerateThinned,
  type Representative,
  type ThinnedBranch,
  type Thinning,
} from './enumerate.ts';
export { indexAt } from './inverse-cdf.ts';
export { raceWinner } from './race.ts';
export { jointRaceLaw, raceProbability } from './race-law.ts';
export { sampled } from './sampled.ts';
export { seededTape } from './seeded-tape.ts';
export { PURPOSES, type Purpose, type Slot } from './slot.ts';
export { type RecordedDraw, recordingTape, replayedTape, type Tape } from './tape.ts';
