import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hypothesesFor } from '../../../src/law/audit/hypotheses.ts';
import { problemFrom } from '../../../src/law/problem-input.ts';
import { rejection } from '../../../src/verify/rejection.ts';
import { ruleNamed } from '../../../src/verify/rules.ts';
import { commandLine } from '../../support/command-line.ts';
import { countsFrom, REVEALING, roundsFrom } from '../../support/sampled-rounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const problem = write('problem.json', JSON.stringify(REVEALING));
const hypotheses = hypothesesFor(problemFrom(REVEALING), rejection);

/** JSON lines from an engine with this fault, or the `correct` one. */
function lines(name: string, count: number, drafts = true): string {
  const { outcomes } = hypotheses.find((hypothesis) => hypothesis.name === name)!;
  let text = '';
  for (const { drafted, accepted, emitted } of roundsFrom(outcomes, 7)) {
    text += `${JSON.stringify(drafts ? { drafted, accepted, emitted } : { accepted, emitted })}\n`;
    count -= 1;
    if (count === 0) return text;
  }
  return text;
}

const audit = (rounds: string, ...more: string[]) =>
  commandLine('audit', '--problem', problem, '--rule', 'rejection', '--rounds', rounds, ...more);

describe('audit', () => {
  it('passes a correct engine: exit 0', async () => {
    const { code, stdout } = await audit(write('correct.jsonl', lines('correct', 2000)), '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ rounds: 2000, rule: 'rejection', false_alarm: 1e-6, alarm: false });
    expect(report).toMatchObject({ first_alarm_round: null, explained: true, draft_law: { alarm: false } });
    expect(report.smallest_visible_total_variation).toBeCloseTo(0.0841, 4); // a regression value; see power.test.ts
    expect(report.prefixes[0].total_variation).toBeLessThan(report.smallest_visible_total_variation);
  });

  it.each([true, false])('finds a faulty one and names the fault: exit 9 (drafts known: %s)', async (drafts) => {
    const { code, stdout } = await audit(write('faulty.jsonl', lines('double-ratio', 1000, drafts)), '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(9);
    expect(report).toMatchObject({ alarm: true, verdict: 'wrong text', exit_code: 9 });
    expect(report.first_alarm_round).toBeLessThan(400);
    expect(report.log_e_value).toBeGreaterThan(Math.log(1e6));
    expect(report.diagnosis[0]).toMatchObject({ fault: 'double-ratio', indistinguishable: [], rejected: false });
    expect(report.diagnosis[0].reference).toMatch(/TensorRT-LLM/);
    expect(report.diagnosis[0].posterior).toBeGreaterThan(0.99);
    expect(report.diagnosis[0].odds_against_correct).toBeGreaterThan(1e6);
    expect(report.draft_law?.alarm ?? null).toBe(drafts ? false : null);
  });

  it('takes counts of rounds, and judges them once, all together', async () => {
    const countsOf = (name: string, rounds: number): string => {
      const { outcomes } = hypotheses.find((hypothesis) => hypothesis.name === name)!;
      const lines = [...countsFrom(outcomes, 9, rounds)].map(({ outcome: { drafted, accepted, emitted }, times }) =>
        JSON.stringify({ drafted, accepted, emitted, times }),
      );
      return lines.join('\n');
    };
    const calm = JSON.parse((await audit(write('counts.jsonl', countsOf('correct', 1e6)), '--json')).stdout);
    expect(calm).toMatchObject({ rounds: 1e6, counted: true, alarm: false, explained: true });
    expect(calm.smallest_visible_total_variation).toBeLessThan(0.005);
    const faulty = write('faulty-counts.jsonl', countsOf('shared-noise', 1e6));
    const { code, stdout } = await audit(faulty, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ alarm: true, first_alarm_round: null });
    expect(JSON.parse(stdout).diagnosis[0].fault).toBe('shared-noise');
    expect(code).toBe(9);
    expect((await audit(faulty)).stdout).toMatch(/Tokens: ALARM: do not follow the target distribution/);
  });

  it('takes a false alarm rate', async () => {
    const file = write('rate.jsonl', lines('residual-softmax', 1000));
    const strict = JSON.parse((await audit(file, '--json', '--false-alarm', '1e-12')).stdout);
    const loose = JSON.parse((await audit(file, '--json', '--false-alarm', '0.01')).stdout);
    expect(loose.first_alarm_round).toBeLessThan(strict.first_alarm_round);
  });

  it('spells infinity, which JSON has not', async () => {
    const impossible = JSON.stringify({ drafted: [0, 0], accepted: 0, emitted: [3] });
    const sure = write('sure.json', JSON.stringify({ ...REVEALING, target: ['2/5', '3/10', '3/10', 0] }));
    const rounds = write('impossible.jsonl', `${impossible}\n`);
    const args = ['audit', '--problem', sure, '--rule', 'rejection', '--rounds', rounds];
    const { code, stdout } = await commandLine(...args, '--json');
    expect(code).toBe(9);
    expect(JSON.parse(stdout)).toMatchObject({ alarm: true, log_e_value: 'Infinity', explained: false });
    expect((await commandLine(...args)).stdout).toContain('No known fault explains the rounds.');
  });

  it('says it in words too', async () => {
    const { stdout } = await audit(write('words.jsonl', lines('double-ratio', 1000)));
    expect(stdout).toMatch(/Tokens: ALARM in round \d+: do not follow the target distribution/);
    expect(stdout).toMatch(/Drafts: no departure from the stated draft distribution detected/);
    expect(stdout).toMatch(/Best explained by double-ratio\. Accepts with min\(1, 2 p\/q\)/);
    const calm = await audit(write('calm.jsonl', lines('correct', 500)));
    expect(calm.stdout).toMatch(/Tokens: no departure from the target distribution detected/);
    expect(calm.stdout).toMatch(/No alarm, so no fault is named/);
  });

  it('tells a lossless engine of another rule from a faulty one', async () => {
    const other = hypothesesFor(problemFrom(REVEALING), ruleNamed('match'), [])[0]!;
    let text = '';
    for (const { drafted, accepted, emitted } of roundsFrom(other.outcomes, 1)) {
      text += `${JSON.stringify({ drafted, accepted, emitted })}\n`;
      if (text.length > 60_000) break;
    }
    const { code, stdout } = await audit(write('match.jsonl', text));
    expect(stdout).toMatch(/Rounds: ALARM in round \d+: not produced by rule rejection/);
    expect(stdout).toMatch(/The tokens are correct: did another rule or drafter produce them\?/);
    expect(code).toBe(8);
  });

  it('tells drafts of another law by their own bit of the exit code', async () => {
    const drafting = problemFrom({ ...REVEALING, draft: ['1/4', '1/4', '1/4', '1/4'] });
    const counts = [...countsFrom(hypothesesFor(drafting, rejection, [])[0]!.outcomes, 2, 1e5)];
    // The rule decides by the stated draft law: judged given the draft, it decides otherwise too.
    const other = counts.map(({ outcome: { drafted, accepted, emitted }, times }) =>
      JSON.stringify({ drafted, accepted, emitted, times }),
    );
    const { code, stdout } = await audit(write('drafts.jsonl', other.join('\n')), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'right text, not as named', exit_code: 12 });
    expect(code).toBe(12);
    const match = write('match.json', JSON.stringify(REVEALING));
    const matched = [...countsFrom(hypothesesFor(drafting, ruleNamed('match'), [])[0]!.outcomes, 3, 1e5)].map(
      ({ outcome: { drafted, accepted, emitted }, times }) => JSON.stringify({ drafted, accepted, emitted, times }),
    );
    const args = ['--rule', 'match', '--problem', match, '--rounds', write('matched.jsonl', matched.join('\n'))];
    expect((await commandLine('audit', ...args)).code).toBe(4); // a rule that does not read draft laws
  });

  it.each(['typical', 'lenience'])('judges %s by its own text: no alarm for the rule itself', async (name) => {
    const outcomesOf = (scheme: string) => hypothesesFor(problemFrom(REVEALING), ruleNamed(scheme), [])[0]!.outcomes;
    const counts = (rule: string) =>
      [...countsFrom(outcomesOf(rule), 4, 1e5)].map(({ outcome: { drafted, accepted, emitted }, times }) =>
        JSON.stringify({ drafted, accepted, emitted, times }),
      );
    const judge = (rule: string) => {
      const rounds = write(`${name}-${rule}.jsonl`, counts(rule).join('\n'));
      return commandLine('audit', '--problem', problem, '--rule', name, '--rounds', rounds);
    };
    const own = await judge(name);
    expect([own.code, own.stdout]).toEqual([0, expect.stringContaining(`the text distribution of rule ${name}`)]);
    expect((await judge('rejection')).code).toBe(9);
  });

  it('states what every test would have seen, after every prefix', async () => {
    const { stdout } = await audit(write('every.jsonl', lines('correct', 3000)), '--json');
    const { prefixes, draft_law, rule_law } = JSON.parse(stdout);
    expect(prefixes.length).toBe(1 + 4 + 16);
    expect(draft_law.prefixes.length).toBe(1 + 4);
    const [first] = rule_law.decisions;
    expect(first.visits).toBeGreaterThan(500);
    expect(first.total_variation).toBeLessThan(first.smallest_visible_total_variation);
    expect(first.smallest_visible_total_variation).toBeLessThan(0.2);
  });

  it('names nobody without an alarm, and shows no posterior where nothing explains', async () => {
    const calm = await audit(write('few.jsonl', lines('correct', 5)));
    expect(calm.stdout).toMatch(/no fault is named/);
    expect(calm.stdout.split('\n').find((line) => /│ (correct|[a-z-]+) +│ +0\.\d/.test(line))).toMatch(/│ correct/);
    const twisted = problemFrom({ ...REVEALING, target: ['1/4', '1/4', '1/4', '1/4'] });
    const other = hypothesesFor(twisted, rejection, [])[0]!;
    let text = '';
    for (const { drafted, accepted, emitted } of roundsFrom(other.outcomes, 1)) {
      text += `${JSON.stringify({ drafted, accepted, emitted })}\n`;
      if (text.length > 100_000) break;
    }
    const { code, stdout } = await audit(write('twisted.jsonl', text));
    expect(code).toBe(9);
    expect(stdout).toMatch(/No known fault explains the rounds/);
    expect(stdout).not.toMatch(/posterior/);
    expect(stdout).toMatch(/ruled out/);
  });

  it('divides rounded laws when asked, and says so', async () => {
    const rounded = { ...REVEALING, draft: { ...(REVEALING.draft as object), default: [0.1, 0.2, 0.3, 0.3999] } };
    const file = write('rounded.json', JSON.stringify(rounded));
    const rounds = write('one.jsonl', lines('correct', 1));
    const args = ['audit', '--problem', file, '--rule', 'rejection', '--rounds', rounds];
    expect((await commandLine(...args)).stderr).toMatch(/normalize divides them/);
    const { code, stderr } = await commandLine(...args, '--normalize');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/draft distribution: divided by its sum, which was off by -0\.000100/),
    ]);
  });

  it('reads standard input', () => {
    const args = ['--import', 'tsx', 'src/cli/main.ts', 'audit', '--problem', problem, '--rule', 'rejection'];
    const input = `\n${lines('coins-at-zero', 300)}`;
    const { status, stdout } = spawnSync(process.execPath, [...args, '--rounds', '-', '--json'], { input });
    expect(status).toBe(9);
    expect(JSON.parse(`${stdout}`).diagnosis[0].fault).toBe('coins-at-zero');
  });
});

it('says how many rounds each known fault needs, before it reads any', async () => {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'audit', '--problem', problem, '--rule', 'rejection'];
  const child = spawn(process.execPath, [...args, '--rounds', '-', '--json']);
  let said = '';
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (data) => {
      said += data;
      if (said.includes('rounded-draft-law')) resolve(); // the last one, while no round has been sent
    });
  });
  child.stdin.end(lines('correct', 10));
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  const toSee = Number(/double-ratio: (\d+)/.exec(said)![1]);
  const { stdout } = await audit(write('again.jsonl', lines('correct', 10)), '--json');
  const reported = JSON.parse(stdout).diagnosis.find(({ fault }: { fault: string }) => fault === 'double-ratio');
  expect(toSee).toBe(reported.rounds_to_see);
});
