import { enumerate } from '../../../src/chance/enumerate.ts';
import { Audit } from '../../../src/law/audit/audit.ts';
import { audit as auditOf } from '../../../src/law/audit/audit-of.ts';
import { hypothesesFor } from '../../../src/law/audit/hypotheses.ts';
import { checkTimes, Looks } from '../../../src/law/audit/looks.ts';
import { auditPlan } from '../../../src/law/audit/plans.ts';
import { RoundsTest } from '../../../src/law/audit/rounds-test.ts';
import { SequentialTest } from '../../../src/law/audit/sequential-test.ts';
import { TextAudit } from '../../../src/law/audit/text-audit.ts';
import { textsNeeded, visitsNeeded } from '../../../src/law/audit/text-power.ts';
import { TiltTest } from '../../../src/law/audit/tilt-test.ts';
import { TraceAudit } from '../../../src/law/audit/trace-audit.ts';
import { checkLaw, readLaw } from '../../../src/law/exact-law.ts';
import { dyadic, exactNumber } from '../../../src/law/exact-number.ts';
import { exactReport } from '../../../src/law/exact-report.ts';
import { faultNamed, faultyScheme } from '../../../src/law/faults/faults.ts';
import { EXACT } from '../../../src/law/numbers.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { roundFrom } from '../../../src/law/rounds.ts';
import { schemeFor } from '../../../src/law/scheme.ts';
import { parentsFrom, parentsOfFullTree } from '../../../src/law/shape.ts';
import { tracedRoundFrom } from '../../../src/law/trace-line.ts';
import { checkWork } from '../../../src/law/work.ts';
import { rational } from '../../../src/numerics/arithmetic.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { planFor } from '../../support/audits.ts';
import type { Calls } from './calls.ts';

const coin = { vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] };
const problem = problemFrom(coin);
const tree = problemFrom({ ...coin, shape: { children: [2] } });
const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 1] };
const audit = (falseAlarm?: number): Audit => new Audit(planFor(problem, rejection), falseAlarm);
const fair = { after: () => [0.5, 0.5] };
const textAudit = (after: (prefix: readonly number[]) => ArrayLike<number> = fair.after): TextAudit =>
  new TextAudit({ law: { after }, maxTokens: 2 });

export const laws: Calls = {
  'law/audit/looks checkTimes': { OptionError: () => checkTimes('text 1', 0.5) },
  'law/audit/text-audit TextAudit.Constructor': {
    OptionError: () => new TextAudit({ law: fair, maxTokens: 0 }),
    TokenError: () => new TextAudit({ law: fair, maxTokens: 1, endTokens: [0.5] }),
    LawError: () => textAudit(() => [0.5, 0.4]),
  },
  'law/audit/text-audit TextAudit.observe': {
    TokenError: () => textAudit().observe([-1]),
    LawError: () => textAudit(({ length }) => (length === 0 ? [1] : [2])).observe([0, 0]),
    WorkLimitError: () => textAudit(({ length }) => (length === 0 ? [1] : { length: 1e9 })).observe([0, 0]),
    ConflictError: () => {
      const counted = textAudit();
      counted.count([0, 1], 2);
      counted.observe([0, 1]);
    },
  },
  'law/audit/text-audit TextAudit.count': {
    OptionError: () => textAudit().count([0, 1], 0),
    ConflictError: () => {
      const judged = textAudit();
      judged.count([0, 1], 1);
      judged.look();
      judged.count([0, 1], 1);
    },
  },
  'law/audit/text-audit TextAudit.textsNeeded': { OptionError: () => textAudit().textsNeeded(2) },
  'law/audit/text-power visitsNeeded': { OptionError: () => visitsNeeded([0.5, 0.5], 0, 0.25, 10) },
  'law/audit/text-power textsNeeded': { OptionError: () => textsNeeded(fair, [], 0, 10) },
  'law/audit/audit Audit.Constructor': { OptionError: () => audit(2) },
  'law/audit/looks Looks.beforeRound': {
    ConflictError: () => {
      const looks = new Looks();
      looks.beforeCount('round 1');
      looks.beforeRound('round 2');
    },
  },
  'law/audit/looks Looks.beforeCount': {
    ConflictError: () => {
      const looks = new Looks();
      looks.beforeRound('round 1');
      looks.beforeCount('round 2');
    },
  },
  'law/audit/tilt-test TiltTest.Constructor': { OptionError: () => new TiltTest(['all'], 1) },
  'law/audit/trace-audit TraceAudit.Constructor': { OptionError: () => new TraceAudit(rejection, 0) },
  'law/trace-line tracedRoundFrom': {
    FormatError: () => tracedRoundFrom({ accepted: 0, emitted: [1] }),
    LawError: () =>
      tracedRoundFrom({
        accepted: 0,
        emitted: [1],
        target_laws: [{ node: -1, tokens: [1], probabilities: [0.5] }],
      }),
  },
  'law/audit/audit Audit.observe': {
    FormatError: () => audit().observe({ ...round, drafted: null, parents: null }),
    ConflictError: () => {
      const counted = audit();
      counted.count(round, 2);
      counted.observe(round);
    },
  },
  'law/audit/audit Audit.count': {
    FormatError: () => audit().count({ ...round, parents: [-1, 0] }, 1),
    OptionError: () => audit().count(round, 0),
    ConflictError: () => {
      const judged = audit();
      judged.count(round, 1);
      judged.look();
      judged.count(round, 1);
    },
  },
  'law/audit/plans auditPlan': {
    UnsupportedError: () => auditPlan(tree, rejection),
    WorkLimitError: () => auditPlan(problem, rejection, true, { budget: 1 }),
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
  'law/audit/rounds-test RoundsTest.Constructor': {
    OptionError: () => new RoundsTest(planFor(problem, rejection).reading, 0),
  },
  'law/exact-number exactNumber': { FormatError: () => exactNumber('weight', 'half') },
  'law/exact-number dyadic': { FormatError: () => dyadic(Number.NaN) },
  'law/scheme schemeFor': {
    UnsupportedError: () => [...enumerate(rational, (chance) => schemeFor(tree, rejection, EXACT).propose(chance))],
  },
  'law/faults/faults faultNamed': { OptionError: () => faultNamed('nothing') },
  'law/faults/faults faultyScheme': {
    UnsupportedError: () => faultyScheme(problem, rejection, faultNamed('block-token-residual')),
  },
  'law/exact-report exactReport': {
    UnsupportedError: () => exactReport(tree, rejection),
    WorkLimitError: () => exactReport(problem, rejection, null, { budget: 1 }),
  },
  'law/problem-input problemFrom': {
    FormatError: () => problemFrom({ ...coin, more: 1 }),
    LawError: () => problemFrom({ ...coin, draft: ['4/5', '2/5'] }),
    TokenError: () => problemFrom({ ...coin, draft: { after: { 2: ['4/5', '1/5'] } } }),
    ShapeError: () => problemFrom({ ...coin, shape: { parents: [0] } }),
    WorkLimitError: () =>
      problemFrom({ ...coin, target: [`1/${'7'.repeat(5000)}`, `1/${'3'.repeat(4999)}`, ...new Array(98).fill('0')] }),
  },
  'law/exact-law readLaw': {
    FormatError: () => readLaw('law', ['x'], 1, {}, []),
    LawError: () => readLaw('law', ['1/2'], 1, {}, []),
    WorkLimitError: () =>
      readLaw(
        'law',
        Array.from({ length: 3000 }, (_, i) => `1/${i + 1}`),
        3000,
        {},
        [],
      ),
  },
  'law/exact-law checkLaw': { LawError: () => checkLaw('law', [rational.one], 2) },
  'law/shape parentsFrom': { ShapeError: () => parentsFrom({ parents: [0] }) },
  'law/shape parentsOfFullTree': { ShapeError: () => parentsOfFullTree([64, 65]) },
  'law/work checkWork': {
    WorkLimitError: () => checkWork('law', { branches: 1, operations: 2, entries: 1 }, problem, { budget: 1 }),
  },
  'law/rounds roundFrom': {
    FormatError: () => roundFrom({ emitted: 1 }, problem),
    TokenError: () => roundFrom({ accepted: 0, emitted: [2] }, problem),
  },
};
