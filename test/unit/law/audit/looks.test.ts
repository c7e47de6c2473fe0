/** One by one or counted: what voids the false alarm rate is refused, in the library too. */
import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../../src/errors.ts';
import { audit } from '../../../../src/law/audit/audit-of.ts';
import { problemFrom } from '../../../../src/law/problem-input.ts';
import { rejection } from '../../../../src/verify/rejection.ts';

const problem = problemFrom({ vocabulary: 2, target: ['3/5', '2/5'], draft: ['4/5', '1/5'] });
const round = { drafted: [0], parents: [-1], accepted: 1, emitted: [0, 1] };
const begin = () => audit(problem, rejection, { faults: [] });

it('an unknown option is refused', () => {
  const misspelt = { falsealarm: 1e-3 } as object;
  expect(() => audit(problem, rejection, misspelt)).toThrow(/option: expected one of .*falseAlarm.*, got falsealarm/);
});

describe('looking', () => {
  it('counts, then rounds one by one: refused, and the round is not taken', () => {
    const counted = begin();
    counted.count(round, 10);
    expect(() => counted.observe(round)).toThrow(new ConflictError('round 11: times', 'a count, as before', 'none'));
    expect(counted.tokens.rounds).toBe(10);
    expect(counted.isCounted).toBe(true);
  });

  it('rounds one by one, then a count: refused', () => {
    const observed = begin();
    observed.observe(round);
    expect(() => observed.count(round, 2)).toThrow(new ConflictError('round 2: times', 'none, as before', 'a count'));
    expect(observed.isCounted).toBe(false);
  });

  it('counts after the judgement: refused', () => {
    const judged = begin();
    judged.count(round, 10);
    judged.look();
    judged.look(); // says the same again
    const late = new ConflictError('round 11: times', 'no count after the counts were judged', 'another count');
    expect(() => judged.count(round, 1)).toThrow(late);
    expect(() => judged.observe(round)).toThrow(ConflictError);
  });

  it('between rounds one by one: always allowed', () => {
    const observed = begin();
    observed.observe(round);
    observed.look();
    observed.observe(round);
    expect(observed.tokens.rounds).toBe(2);
  });
});
