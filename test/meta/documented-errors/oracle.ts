import { OwnEngine } from '../../../src/oracle/conformance/own-engine.ts';
import { manifestFrom } from '../../../src/oracle/manifest.ts';
import { hexRows, rowsOf } from '../../../src/oracle/vectors/hex-tensor.ts';
import { problemOf } from '../../../src/oracle/vectors/rounds/round-problem.ts';
import { suiteNamed } from '../../../src/oracle/vectors/suites.ts';
import { tabledTape } from '../../../src/oracle/vectors/uniform-table.ts';
import type { Calls } from './calls.ts';

export const oracle: Calls = {
  'oracle/conformance/own-engine OwnEngine.Constructor': { OptionError: () => new OwnEngine('1', 'no-such-fault') },
  'oracle/manifest manifestFrom': { FormatError: () => manifestFrom({}) },
  'oracle/vectors/hex-tensor hexRows': { FormatError: () => hexRows([[1]], 2) },
  'oracle/vectors/hex-tensor rowsOf': { FormatError: () => rowsOf('t', { dtype: 'F64', shape: [1, 1], hex: '' }) },
  'oracle/vectors/rounds/round-problem problemOf': {
    LawError: () =>
      problemOf({
        ...{ vocabulary: 1, tokens: [], parents: [], drawn: 'independent', target: [[1]], draft: [] },
        uniforms: { accept: [], residual: [], target: [] },
      }).target([0]),
  },
  'oracle/vectors/suites suiteNamed': { OptionError: () => suiteNamed('texts') },
  'oracle/vectors/uniform-table tabledTape': {
    FormatError: () => tabledTape({ accept: [], residual: [], target: [] }).uniform({ purpose: 'accept', position: 0 }),
  },
};
