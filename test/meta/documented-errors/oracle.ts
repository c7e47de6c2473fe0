import { z } from 'zod';
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
import { chosenTokens } from '../../../src/oracle/conformance/node/completion.ts';
import { exchange } from '../../../src/oracle/conformance/node/exchange.ts';
import { answeredLaw } from '../../../src/oracle/conformance/operations/law.ts';
import { ownTexts } from '../../../src/oracle/conformance/own-engine/generate.ts';
import { OwnModels } from '../../../src/oracle/conformance/own-engine/models.ts';
import { ownDraw, ownLaw, ownRound } from '../../../src/oracle/conformance/own-engine/vectors.ts';
import { OwnEngine } from '../../../src/oracle/conformance/own-engine.ts';
import { readReport } from '../../../src/oracle/conformance/read-report.ts';
import { shardFrom } from '../../../src/oracle/conformance/shard.ts';
import { casesOf } from '../../../src/oracle/conformance/suites/suites.ts';
import { manifestFrom } from '../../../src/oracle/manifest.ts';
import { packFrom } from '../../../src/oracle/pack/regression-pack.ts';
import { type DecodeVectorInputs, readDecodeInputs } from '../../../src/oracle/vectors/decodes/decode-vectors.ts';
import { readDrawInputs } from '../../../src/oracle/vectors/draws/draw-vectors.ts';
import { drawnToken } from '../../../src/oracle/vectors/draws/drawn-token.ts';
import { hexRows, rowOf, rowsOf } from '../../../src/oracle/vectors/hex-tensor.ts';
import { readLogprobInputs } from '../../../src/oracle/vectors/logprobs/logprob-vectors.ts';
import { visibleSlots } from '../../../src/oracle/vectors/masks/visible-slots.ts';
import { processedLaw } from '../../../src/oracle/vectors/processors/law-inputs.ts';
import { readLawInputs } from '../../../src/oracle/vectors/processors/law-vectors.ts';
import { samplerSettings, type VectorSettings } from '../../../src/oracle/vectors/processors/vector-settings.ts';
import { type RopeParameters, rotaryTable } from '../../../src/oracle/vectors/rotary/rotary-table.ts';
import { problemOf } from '../../../src/oracle/vectors/rounds/round-problem.ts';
import type { RoundVectorInputs } from '../../../src/oracle/vectors/rounds/round-vectors.ts';
import { suiteNamed } from '../../../src/oracle/vectors/suites.ts';
import { tabledTape } from '../../../src/oracle/vectors/uniform-table.ts';
import { RULES } from '../../../src/verify/rules.ts';
import { committed, GREEDY } from '../../support/own-engines.ts';
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

const unread = { prompt: [], generated: [], drafted: [], settings: {} };
const scalar = hexRows([[1]], 1);
const malformed = { dtype: 'F64', shape: [1], hex: '' } as const;
const round: RoundVectorInputs = {
  ...{ tokens: [], parents: [], drawn: 'independent', target: malformed, draft: malformed },
  uniforms: { accept: malformed, residual: malformed, target: malformed },
};
const turnedBy = (rope_parameters: RopeParameters) =>
  rotaryTable({ head_dim: 4, max_position_embeddings: 8, rope_parameters, positions: [1] });
const decode: DecodeVectorInputs = {
  ...{ prompt: [0], table: scalar, drafts: [], settings: { max_new_tokens: 1 }, stop_sequences: [] },
  uniforms: { accept: scalar, residual: scalar, target: scalar },
};
const askedLaw = (settings: VectorSettings) =>
  ownLaw({ op: 'law', vocabulary: 2, inputs: { ...unread, settings, logits: hexRows([[0, 0]], 2) } }, null);

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
  'oracle/vectors/hex-tensor rowOf': { FormatError: () => rowOf('t', scalar, 2) },
  'oracle/vectors/draws/draw-vectors readDrawInputs': {
    FormatError: () => readDrawInputs('t', 2, { law: scalar, uniforms: scalar }),
  },
  'oracle/vectors/draws/drawn-token drawnToken': {
    LawError: () => drawnToken('race', { law: new Float64Array(2), uniforms: new Float64Array(2) }),
  },
  'oracle/vectors/processors/law-inputs processedLaw': {
    LawError: () => processedLaw({ ...unread, vocabulary: 1, logits: Float64Array.of(Number.NaN) }),
  },
  'oracle/vectors/processors/law-vectors readLawInputs': {
    FormatError: () => readLawInputs('t', 2, { ...unread, logits: scalar }),
  },
  'oracle/vectors/processors/vector-settings samplerSettings': {
    OptionError: () => samplerSettings({ temperature: -1 }, 1),
    TokenError: () => samplerSettings({ suppress_tokens: [0] }, 1),
    ConflictError: () => samplerSettings({ suppress_tokens: [0], forced_bos_token_id: [0] }, 2),
  },
  'oracle/pack/regression-pack packFrom': { FormatError: () => packFrom({}) },
  'oracle/vectors/decodes/decode-vectors readDecodeInputs': {
    FormatError: () => readDecodeInputs('t', 1, { ...decode, table: malformed }),
  },
  'oracle/vectors/logprobs/logprob-vectors readLogprobInputs': {
    FormatError: () =>
      readLogprobInputs('t', 1, { prompt: [], emitted: [], settings: {}, of: 'raw', top: 1, logits: malformed }),
  },
  'oracle/vectors/masks/visible-slots visibleSlots': {
    ShapeError: () => visibleSlots({ cached: 0, parents: [0], window: null }),
  },
  'oracle/vectors/rotary/rotary-table rotaryTable': {
    FormatError: () => turnedBy({ rope_type: 'linear', rope_theta: 10000 }),
    NonFiniteError: () => turnedBy({ rope_type: 'linear', rope_theta: 1e-308, factor: 1e-308 }),
  },
  'oracle/conformance/operations/law answeredLaw': {
    FormatError: () => answeredLaw({ law: { dtype: 'F32', shape: [1, 1], hex: '' } }, 1),
  },
  'oracle/conformance/own-engine/vectors ownRound': {
    UnsupportedError: () => ownRound({ op: 'accept', rule: 'no-rule', vocabulary: 1, inputs: round }, null),
    FormatError: () => ownRound({ op: 'accept', rule: [...RULES.keys()][0]!, vocabulary: 1, inputs: round }, null),
  },
  'oracle/conformance/own-engine/vectors ownLaw': {
    FormatError: () => ownLaw({ op: 'law', vocabulary: 2, inputs: { ...unread, logits: scalar } }, null),
    OptionError: () => askedLaw({ temperature: -1 }),
    TokenError: () => askedLaw({ suppress_tokens: [0, 1] }),
    ConflictError: () => askedLaw({ suppress_tokens: [0], forced_bos_token_id: [0] }),
    LawError: () =>
      askedLaw({
        sequence_bias: [
          [[0], -1e308],
          [[1], -1e308],
        ],
        logit_bias: [
          [0, -1e308],
          [1, -1e308],
        ],
      }),
  },
  'oracle/conformance/own-engine/vectors ownDraw': {
    FormatError: () =>
      ownDraw({ op: 'draw', method: 'race', vocabulary: 2, inputs: { law: scalar, uniforms: scalar } }, null),
    LawError: () =>
      ownDraw(
        { op: 'draw', method: 'inverse-cdf', vocabulary: 1, inputs: { law: hexRows([[0]], 1), uniforms: scalar } },
        null,
      ),
  },
  'oracle/vectors/rounds/round-problem problemOf': {
    LawError: () =>
      problemOf({
        ...{ vocabulary: 1, tokens: [], parents: [], drawn: 'independent', target: [[1]], draft: [] },
        uniforms: { accept: [], residual: [], target: [] },
      }).target([0]),
  },
  'oracle/conformance/node/completion chosenTokens': {
    ExchangeError: () => chosenTokens({ text: 'zebra' }, ['a']),
  },
  'oracle/conformance/node/exchange exchange': {
    ExchangeError: () => exchange('http://127.0.0.1:9', null, z.unknown(), 5),
  },
  'oracle/conformance/suites/suites casesOf': {
    OptionError: () => casesOf(committed, ['no-suite']),
  },
  'oracle/vectors/suites suiteNamed': { OptionError: () => suiteNamed('texts') },
  'oracle/vectors/uniform-table tabledTape': {
    FormatError: () => tabledTape({ accept: [], residual: [], target: [] }).uniform({ purpose: 'accept', position: 0 }),
  },
};
