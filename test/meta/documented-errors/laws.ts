import { Audit } from '../../../src/law/audit/audit.ts';
import { audit as auditOf } from '../../../src/law/audit/audit-of.ts';
import { hypothesesFor } from '../../../src/law/audit/hypotheses.ts';
import { SequentialTest } from '../../../src/law/audit/sequential-test.ts';
import { dyadic, exactNumber } from '../../../src/law/exact-number.ts';
import { EXACT, engineFor } from '../../../src/law/experiment.ts';
import { faultNamed, faultyEngine } from '../../../src/law/faults/faults.ts';
import { judge } from '../../../src/law/judgement.ts';
import { checkLaw, parentsOfFullTree, problemFrom } from '../../../src/law/problem.ts';
import { roundFrom } from '../../../src/law/rounds.ts';
import { checkWork } from '../../../src/law/work.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { enumerate } from '../../../src/numerics/enumerate.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { planFor } from '../../support/audits.ts';
import type { Calls } from './calls.ts';

const coin = { vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] };
const problem = problemFrom(coin);
const tree = problemFrom({ ...coin, shape: { children: [2] } });
const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 1] };
const audit = (falseAlarm?: number): Audit => new Audit(planFor(problem, rejection), falseAlarm);

export const laws: Calls = {
  'law/audit/audit Audit.Constructor': { OptionError: () => audit(2) },
  'law/audit/audit Audit.observe': { FormatError: () => audit().observe({ ...round, drafted: null, parents: null }) },
  'law/audit/audit Audit.count': {
    FormatError: () => audit().count({ ...round, parents: [-1, 0] }, 1),
    OptionError: () => audit().count(round, 0),
  },
  'law/audit/audit-of audit': {
    UnsupportedError: () => auditOf(tree, rejection),
    WorkLimitError: () => auditOf(problem, rejection, { budget: 1 }),
    OptionError: () => auditOf(problem, rejection, { falseAlarm: 2 }),
  },
  'law/audit/hypotheses hypothesesFor': {
    UnsupportedError: () => hypothesesFor(tree, rejection),
    WorkLimitError: () => hypothesesFor(problem, rejection, [], { budget: 1 }),
  },
  'law/audit/sequential-test SequentialTest.Constructor': {
    OptionError: () => new SequentialTest(planFor(problem, rejection).tokens.law, [], 0),
  },
  'law/exact-number exactNumber': { FormatError: () => exactNumber('weight', 'half') },
  'law/exact-number dyadic': { FormatError: () => dyadic(Number.NaN) },
  'law/experiment engineFor': {
    UnsupportedError: () => [...enumerate(rational, (chance) => engineFor(tree, rejection, EXACT).propose(chance))],
  },
  'law/faults/faults faultNamed': { OptionError: () => faultNamed('nothing') },
  'law/faults/faults faultyEngine': {
    UnsupportedError: () => faultyEngine(problem, rejection, faultNamed('block-token-residual')),
  },
  'law/judgement judge': {
    UnsupportedError: () => judge(tree, rejection),
    WorkLimitError: () => judge(problem, rejection, null, { budget: 1 }),
  },
  'law/problem problemFrom': {
    FormatError: () => problemFrom({ ...coin, more: 1 }),
    LawError: () => problemFrom({ ...coin, draft: ['4/5', '2/5'] }),
    TokenError: () => problemFrom({ ...coin, draft: { after: { 2: ['4/5', '1/5'] } } }),
    ShapeError: () => problemFrom({ ...coin, shape: { parents: [0] } }),
  },
  'law/problem checkLaw': { LawError: () => checkLaw('law', [rational.one], 2) },
  'law/problem parentsOfFullTree': { ShapeError: () => parentsOfFullTree([64, 65]) },
  'law/work checkWork': {
    WorkLimitError: () => checkWork('law', { branches: 1, operations: 2, entries: 1 }, problem, { budget: 1 }),
  },
  'law/rounds roundFrom': {
    FormatError: () => roundFrom({ emitted: 1 }, problem),
    TokenError: () => roundFrom({ accepted: 0, emitted: [2] }, problem),
  },
};
