import { describe, expect, it } from 'vitest';
import { WorkLimitError } from '../../../../src/errors.ts';
import { audit } from '../../../../src/law/audit/audit-of.ts';
import { auditPlan } from '../../../../src/law/audit/plans.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { block } from '../../../../src/verify/block.ts';
import { rejection } from '../../../../src/verify/rejection.ts';
import { REVEALING } from '../../../support/sampled-rounds.ts';

describe('a plan', () => {
  it('is enumerated once per problem and rule, for audits with and without drafts', () => {
    const problem = problemFrom(REVEALING);
    let branches = 0;
    const onProgress = () => {
      branches += 1;
    };
    audit(problem, rejection, { onProgress });
    expect(branches).toBeGreaterThan(0);
    branches = 0;
    audit(problem, rejection, { onProgress });
    audit(problem, rejection, { onProgress, draftsKnown: false });
    expect(branches).toBe(0);
    expect(auditPlan(problem, rejection)).toBe(auditPlan(problem, rejection));
    expect(auditPlan(problem, rejection, false).hypotheses).toBe(auditPlan(problem, rejection).hypotheses);
    expect(auditPlan(problem, block).rule).toBe(block);
  });

  it('is not kept from its budget by an earlier one', () => {
    const problem = problemFrom(REVEALING);
    auditPlan(problem, rejection);
    expect(() => auditPlan(problem, rejection, true, { budget: 10 })).toThrow(WorkLimitError);
  });
});
