/** The same from the command line, with what it prints. */
import { indexAt, seededTape, type Tape } from 'turbo-lora/chance';
import { faultNamed, faultyScheme, outcomeLaw } from 'turbo-lora/law';
import { nearestNumber, rational } from 'turbo-lora/numerics';
import { rejection } from 'turbo-lora/verify';
import { wrap } from '../../../src/cli/wrap.ts';
import { claim } from '../../embedded/evidence.ts';
import { fenced, section } from '../../writing/markdown.ts';
import { TWO_TOKENS, twoTokens } from './problems.ts';
import { type Files, runCommand } from './run-command.ts';

const FAULT = 'draft-row-shifted';

/** Characters on a line of code. */
const WIDTH = 70;

export async function commandLineSections(): Promise<string[]> {
  return [await lawSection(), await listsSection(), await auditSection()];
}

/** A command and what it printed. `lines` cuts it as `head` does. */
async function transcript(
  args: readonly string[],
  expected: number,
  files: Files = {},
  lines?: number,
): Promise<string> {
  const { code, output } = await runCommand(args, files);
  claim(code === expected, `${args[0]} ends with exit code ${expected}, not ${code}`);
  const shown = lines === undefined ? output : output.split('\n').slice(0, lines).join('\n');
  return fenced(`${typed(args)}${lines === undefined ? '' : ` | head -${lines}`}\n${folded(shown)}`);
}

/** Long lines folded at spaces, except in tables. */
function folded(text: string): string {
  const fold = (line: string): string => (/^[┌├└│]/.test(line) ? line : wrap(line, WIDTH).join('\n    '));
  return text.split('\n').map(fold).join('\n');
}

/** A command as it is typed, on lines that fit the page. */
function typed(args: readonly string[]): string {
  const quoted = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  const parts = `$ turbo-lora ${quoted}`.split(/ (?=--)/);
  const lines = [''];
  for (const part of parts) {
    const longer = lines.at(-1) === '' ? part : `${lines.at(-1)} ${part}`;
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`    ${part}`);
  }
  return lines.join(' \\\n');
}

const problemFile: Files = { 'problem.json': JSON.stringify(TWO_TOKENS, null, 2) };

async function lawSection(): Promise<string> {
  const laws = ['--target', '0.5 0.3 0.2', '--draft', '1/5 3/10 1/2'];
  const refuted = ['law', '--rule', 'rejection', '--problem', 'problem.json', '--fault', FAULT, '--json'];
  const { code, output } = await runCommand(refuted, problemFile);
  claim(code === 1, 'a refuted claim ends with exit code 1');
  return section(
    '## On the command line: law',
    `\`law\` does for any distributions what this page did. Numbers may be fractions or decimals and are read exactly; 0.1 is
one tenth.`,
    await transcript(['law', '--rule', 'rejection', ...laws], 0),
    `The upper table is the law of the first token. Below it: the distance from what the rule claims, for the first
token and for whole texts (the round’s tokens, continued by plain decoding); how many drafted tokens are accepted on
average; how many branches were followed; and the certificate. For a lossless rule both distances are 0, not
“below a tolerance”.`,
    `The exit code says the same: 0 when the rule holds what it claims, 1 when it does not, 2 for a question that cannot be
answered (laws that do not sum to 1, a rule that does not take this draft). A lossy rule claims nothing, so it ends with
0, and its distance is the answer:`,
    await transcript(['law', '--rule', 'lenience', ...laws], 0),
    `Laws that differ by prefix come from a file, as \`spec/problem.schema.json\` says. \`problem.json\` is the problem with
two tokens from above:`,
    fenced(compact(TWO_TOKENS), 'json'),
    `With \`--fault\` a known fault is planted, with \`--json\` everything comes as one object (broken into lines here):`,
    fenced(`${typed(refuted)}\n${compact(JSON.parse(output))}`),
    `\`violated\` is the first identity that does not hold. For a rule that holds, \`identities\` lists them all.`,
  );
}

/** JSON that breaks only the objects that do not fit a line. */
function compact(value: unknown, depth = 0): string {
  const inline = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || inline.length < 50 - 2 * depth)
    return spaced(inline);
  const indent = '  '.repeat(depth + 1);
  // JavaScript lists keys that look like integers first; the empty prefix belongs before them.
  const ordered = Object.entries(value).sort(([a], [b]) => Number(b === '') - Number(a === ''));
  const entries = ordered.map(([key, part]) => `${indent}"${key}": ${compact(part, depth + 1)}`);
  return `{\n${entries.join(',\n')}\n${'  '.repeat(depth)}}`;
}

function spaced(json: string): string {
  return json.replace(/([,:])(?=["[{\d])/g, '$1 ');
}

async function listsSection(): Promise<string> {
  return section(
    '## On the command line: rules and faults',
    `\`rules\` lists every rule with what it guarantees and where it was published, \`faults\` every fault that can be planted
with where it was found. Both take \`--json\`; that of \`faults\` also names the rules each applies to and a problem that
reveals it.`,
    await transcript(['rules'], 0, {}, 14),
    `Of a rule for trees, “siblings” names the ways in which the children of a node may be chosen: drawn independently,
without replacement, or computed as the top of a law. A rule for “chains” accepts no siblings, one for “any” accepts all.`,
    await transcript(['faults'], 0, {}, 15),
  );
}

/** Rounds of an engine with the fault, drawn from its exact law, as JSON lines. */
function sampledRounds(count: number, seed: number): string {
  const law = [...outcomeLaw(faultyScheme(twoTokens, rejection, faultNamed(FAULT)), rational).values()];
  const weights = law.map(({ probability }) => nearestNumber(probability));
  const tape: Tape = seededTape(seed);
  const rounds = Array.from({ length: count }, (_, position) => {
    const { drafted, accepted, emitted } = law[indexAt(tape.uniform({ purpose: 'draft', position }), weights)]!.outcome;
    return JSON.stringify({ drafted, accepted, emitted });
  });
  return `${rounds.join('\n')}\n`;
}

async function auditSection(): Promise<string> {
  const files = { ...problemFile, 'rounds.jsonl': sampledRounds(4000, 1) };
  const args = ['audit', '--problem', 'problem.json', '--rule', 'rejection', '--rounds', 'rounds.jsonl'];
  const { output } = await runCommand(args, files);
  claim(output.includes(`Best explained by ${FAULT}`), 'the audit names the fault');
  return section(
    '## An engine that cannot be enumerated: audit',
    `An engine on a GPU cannot be run through all its branches. But it can play rounds: the same problem again and
again, one line of JSON each. \`rounds.jsonl\` holds 4000 of them, drawn for this page from the law of an engine with
\`${FAULT}\`. The first:`,
    fenced(files['rounds.jsonl'].split('\n').slice(0, 3).join('\n'), 'json'),
    await transcript(args, 9, files),
    `(Long lines are folded here.) How to read it, from the top:`,
    `- **Three tests.** Of the emitted tokens (is it lossless?), of the drafts (were they drawn from the stated q?), and of what is decided given the draft (is it really the named rule?). The first decides; the others show where to look. Each has a bit of the exit code: 1, 4 and 8. Each tests
the joint law, prefix by prefix, as the theorem demands.
- **Evidence.** Each test is a gambler who bets against the engine and cannot win on average while the engine is
right. Reaching a million times the stake has a probability of at most one in a million *ever*, however often one
looks and whenever one stops. The round of the alarm is when that was reached.
- **What would have been detected.** The absence of an alarm proves nothing. The line gives the smallest distance that this many rounds
would have shown.
- **Explanations.** The exact law of each known fault is compared with the rounds; faults with the same law on this problem are named together, because no sample can tell them apart. "Something else" is an explanation too: the rule with unknown laws somewhere. A fault is named only if it leads by 99 to 1 and its own tests do not refute it. The odds are against the correct rule.`,
    `> **Hazard.** The audit sees what the problem lets it see. Give it laws that differ after every prefix and residuals
> of two tokens and more; \`faults --json\` holds a problem for each fault.`,
  );
}
