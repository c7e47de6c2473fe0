/**
 * The oracle: vectors that engines run in their own tests, what is special about each, and what they catch.
 * @packageDocumentation
 */
export { type ListedFile, lintManifest, type Manifest, manifestFrom, sha256 } from './manifest.ts';
export { type HexTensor, hexRows, rowsOf } from './vectors/hex-tensor.ts';
export { type Finding, lintVectors } from './vectors/linter.ts';
export { ROUND_FLAGS, type RoundFlag } from './vectors/rounds/flags.ts';
export { type Asked, type PlayedRound, playRound, type RoundInputs } from './vectors/rounds/played-round.ts';
export {
  type RoundVector,
  type RoundVectorInputs,
  type RoundVectorOutputs,
  readInputs,
} from './vectors/rounds/round-vectors.ts';
export { roundFile } from './vectors/rounds/suite.ts';
export { COMMITTED_SEED, type PlannedFile, plannedFiles, SUITES, type Suite, suiteNamed } from './vectors/suites.ts';
export { tabledTape, type UniformTable } from './vectors/uniform-table.ts';
export {
  type Note,
  VECTOR_FORMAT,
  type VectorFile,
  type VectorGroup,
  type VectorTest,
  vectorText,
} from './vectors/vector-file.ts';
