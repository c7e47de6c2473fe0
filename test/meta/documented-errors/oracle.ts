import { folderAt } from '../../../src/formats/folder/node.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { askedLaws } from '../../../src/oracle/checkpoints/asked-laws.ts';
import { leastNormSolver } from '../../../src/oracle/checkpoints/least-norm.ts';
import { checkedDifference, madeModel } from '../../../src/oracle/checkpoints/made-model.ts';
import { realize } from '../../../src/oracle/checkpoints/realize.ts';
import { realizedModel } from '../../../src/oracle/checkpoints/realized-model.ts';
import { storedSolver } from '../../../src/oracle/checkpoints/stored-solution.ts';
import { tokenLayout } from '../../../src/oracle/checkpoints/token-layout.ts';
import { silentReport } from '../../../src/oracle/conformance/conformance-report.ts';
import { mergeReports } from '../../../src/oracle/conformance/merge-reports.ts';
import { ownTexts } from '../../../src/oracle/conformance/own-engine/generate.ts';
import { OwnModels } from '../../../src/oracle/conformance/own-engine/models.ts';
import { OwnEngine } from '../../../src/oracle/conformance/own-engine.ts';
import { readReport } from '../../../src/oracle/conformance/read-report.ts';
import { shardFrom } from '../../../src/oracle/conformance/shard.ts';
import { casesOf } from '../../../src/oracle/conformance/suites/suites.ts';
import { manifestFrom } from '../../../src/oracle/manifest.ts';
import { hexRows, rowsOf } from '../../../src/oracle/vectors/hex-tensor.ts';
import { problemOf } from '../../../src/oracle/vectors/rounds/round-problem.ts';
import { suiteNamed } from '../../../src/oracle/vectors/suites.ts';
import { tabledTape } from '../../../src/oracle/vectors/uniform-table.ts';
import { GREEDY } from '../../support/own-engines.ts';
import type { Calls } from './calls.ts';

const pair = problemFrom({ vocabulary: 2, target: ['1/2', '1/2'], draft: ['1/2', '1/2'] });
const large = problemFrom({ vocabulary: 2, target: ['1/2', '1/2'], draft: ['1/2', '1/2'], shape: { chain: 8 } });
const many = problemFrom({ vocabulary: 63, target: oneOf(63), draft: oneOf(63) });
const missing = problemFrom({ vocabulary: 2, target: { after: { '': ['1/2', '1/2'] } }, draft: ['1/2', '1/2'] });
const oneToken = { vocabulary: 2, target: ['1', '0'], draft: ['1', '0'] };
const asked = askedLaws(pair);
const plan = { asked, layout: tokenLayout(2), layers: 1, format: 'F32', seed: 0 } as const;

/** A law over a vocabulary that gives everything to its first token. */
function oneOf(vocabulary: number): string[] {
  return Array.from({ length: vocabulary }, (_, token) => (token === 0 ? '1' : '0'));
}

export const oracle: Calls = {
  'oracle/checkpoints/asked-laws askedLaws': { WorkLimitError: () => askedLaws(large) },
  'oracle/checkpoints/least-norm leastNormSolver': { LawError: () => leastNormSolver('rows', [[0, 0]]) },
  'oracle/checkpoints/made-model checkedDifference': {
    LawError: () => checkedDifference('target', [pair.target([])], [problemFrom(oneToken).target([])], plan),
  },
  'oracle/checkpoints/made-model madeModel': {
    LawError: () => madeModel('target', asked.target, { ...plan, asked: { ...asked, possible: [0] } }),
  },
  'oracle/checkpoints/realize realize': {
    OptionError: () => realize(pair, { seed: -1 }),
    UnsupportedError: () => realize(many),
    WorkLimitError: () => realize(large),
    LawError: () => realize(missing),
  },
  'oracle/checkpoints/realized-model realizedModel': {
    LawError: () => {
      const twice = { ...asked, prefixes: [[], [0], [0]], parents: [-1, 0, 0] };
      return realizedModel(asked.target, { ...plan, asked: twice });
    },
  },
  'oracle/checkpoints/stored-solution storedSolver': {
    LawError: () => storedSolver({ label: 'w', format: 'F32', states: [[1], [1]], groups: [[0]] }),
  },
  'oracle/checkpoints/token-layout tokenLayout': {
    OptionError: () => tokenLayout(2, 4),
    UnsupportedError: () => tokenLayout(63),
  },
  'oracle/conformance/own-engine OwnEngine.Constructor': {
    OptionError: () => new OwnEngine({ version: '1', folder: folderAt, fault: 'no-such-fault' }),
  },
  'oracle/conformance/own-engine/generate ownTexts': {
    UnsupportedError: () =>
      ownTexts(new OwnModels(folderAt), {
        ...{ op: 'generate', model: 'fixtures/goldens/turbo-heads-v1/base', repetitions: 1 },
        requests: [
          {
            ...{ prompt: [1], adapter: null, maxTokens: 1, endTokens: [], seed: 0, sampling: GREEDY },
            drafter: { kind: 'heads', folder: 'fixtures/goldens/turbo-heads-v1/heads', tokens: 9 },
          },
        ],
      }),
  },
  'oracle/conformance/merge-reports mergeReports': {
    OptionError: () => mergeReports([]),
    ConflictError: () => {
      const report = silentReport('', { judge: '1', cases: [] });
      mergeReports([
        { name: 'a', report },
        { name: 'b', report },
      ]);
    },
  },
  'oracle/conformance/read-report readReport': { FormatError: () => readReport({}, 'report') },
  'oracle/conformance/shard shardFrom': { OptionError: () => shardFrom('0/1') },
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
  'oracle/conformance/suites/suites casesOf': {
    OptionError: () => casesOf({ text: String, at: String }, ['no-suite']),
  },
  'oracle/vectors/suites suiteNamed': { OptionError: () => suiteNamed('texts') },
  'oracle/vectors/uniform-table tabledTape': {
    FormatError: () => tabledTape({ accept: [], residual: [], target: [] }).uniform({ purpose: 'accept', position: 0 }),
  },
};
