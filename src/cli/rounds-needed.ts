import { type AuditPlan, roundsNeeded } from '../law/audit/plan.ts';
import { say } from './output.ts';

/** Says on stderr, before any round is read, how many rounds each known fault needs to be seen. */
export function sayRoundsNeeded(plan: AuditPlan, falseAlarm: number): void {
  const [, ...faults] = plan.hypotheses;
  const needs = faults.map((fault) => ({ name: fault.name, toSee: roundsNeeded(plan, fault, falseAlarm).toSee }));
  const text = (toSee: number): string => (Number.isFinite(toSee) ? `${toSee}` : 'cannot be seen');
  const listed = needs.sort((a, b) => a.toSee - b.toSee).map(({ name, toSee }) => `  ${name}: ${text(toSee)}`);
  say('Rounds in which the tokens are expected to show each known fault, if the engine has it:');
  for (const line of listed.length > 0 ? listed : ['  no known fault applies']) say(line);
}
