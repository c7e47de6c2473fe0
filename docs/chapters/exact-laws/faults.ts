/** Known faults on the same table: their exact laws, and the two that are worth deriving. */
import type Fraction from 'fraction.js';
import {
  type ExactReport,
  exactNumber,
  exactReport,
  FAULTS,
  type Fault,
  faultNamed,
  faultNeeds,
  type Problem,
  problemFrom,
} from 'turbo-lora/law';
import { nearestNumber } from 'turbo-lora/numerics';
import { rejection } from 'turbo-lora/verify';
import { claim } from '../../embedded/evidence.ts';
import { exact, exactLaw } from '../../writing/fractions.ts';
import { capitalized, count, fenced, listed, section, table } from '../../writing/markdown.ts';
import { oneToken, twoTokens } from './problems.ts';
import { referenceLink } from './references.ts';

interface Judged {
  readonly fault: Fault;
  readonly report: ExactReport;
}

export function faultSections(): string[] {
  const judged = [...FAULTS.values()]
    .filter((fault) => faultNeeds(fault, rejection, oneToken) === null)
    .map((fault) => ({ fault, report: exactReport(oneToken, rejection, fault) }));
  return [twoFaults(), allFaults(judged), signatures()];
}

function twoFaults(): string {
  const fromTarget = exactReport(oneToken, rejection, faultNamed('resample-from-target')).emitted;
  const bySoftmax = exactReport(oneToken, rejection, faultNamed('residual-softmax')).emitted;
  const [p, q] = [oneToken.target([]), oneToken.draft([])];
  const kept = p.map((mass, x) => (mass.compare(q[x]!) < 0 ? mass : q[x]!));
  const owed = kept.reduce((rest, mass) => rest.sub(mass), exactNumber('one', 1));
  for (const x of p.keys()) {
    claim(fromTarget[x]!.equals(kept[x]!.add(owed.mul(p[x]!))), 'drawing from p again gives min(p, q) + (1 - alpha) p');
  }
  const power = Math.exp(p[0]!.sub(q[0]!).valueOf());
  const share = power / (power + 2);
  const softened = nearestNumber(kept[0]!) + nearestNumber(owed) * share;
  claim(Math.abs(softened - nearestNumber(bySoftmax[0]!)) < 1e-12, 'the softmax law of token 0');
  return section(
    '## Two ways to get it wrong',
    `**Drawing from p after a rejection** looks harmless: p is the law that is wanted, after all. But the kept part is
on the page already, and p pays for it again:`,
    fenced(
      `P(x) = min(p(x), q(x)) + (1 - alpha) p(x)\nP(0) = ${exact(kept[0]!)} + ${exact(owed)} * ${exact(p[0]!)} = ${exact(fromTarget[0]!)}, not ${exact(p[0]!)}`,
    ),
    `The emitted law is ${exactLaw(fromTarget)}. Token 0 gets only part of what it is owed; token 1, which is owed
nothing, gets too much.`,
    `**A softmax over the residual** is what a sampler does that takes logits and is handed the residual instead. On the
residual ${exactLaw(p.map((mass, x) => mass.sub(kept[x]!)))} it
gives every token a share, also those that are owed nothing:`,
    fenced(
      `P(0) = ${exact(kept[0]!)} + ${exact(owed)} * e^(${exact(p[0]!.sub(q[0]!))}) / (e^(${exact(p[0]!.sub(q[0]!))}) + 1 + 1) = ${softened.toFixed(6)}…`,
    ),
    `The emitted law is ${exactLaw(bySoftmax)}: token 0, the target’s favourite, is not even the most likely one any
more. (A power of e is not a fraction. The enumerator uses the float64 that an engine would compute, which *is* one: an
integer over a power of two.)`,
  );
}

function faultRow({ fault, report }: Judged): string[] {
  const tiny = report.totalVariation.compare(exactNumber('small', '1e-6')) < 0;
  return [
    `\`${fault.name}\`<br>${fault.description}<br>${fault.references.map(referenceLink).join(', ')}`,
    tiny ? 'p, to six digits' : exactLaw(report.emitted),
    tiny ? `≈ ${nearestNumber(report.totalVariation).toPrecision(2)}` : exact(report.totalVariation),
  ];
}

function allFaults(judged: readonly Judged[]): string {
  const seen = judged.filter(({ report }) => !report.certificate.holds);
  const unseen = judged.filter(({ report }) => report.certificate.holds);
  claim(seen.length >= 8 && unseen.length > 0, 'most faults show on one row, and some do not');
  const twins = ['coins-at-zero', 'first-unverified'].map(faultNamed);
  const lawsOfTwins = (problem: Problem): string[] =>
    twins.map((fault) =>
      [...exactReport(problem, rejection, fault).law.blocks].map(([key, p]) => `${key}:${p}`).join(),
    );
  claim(new Set(lawsOfTwins(oneToken)).size === 1, 'two faults share a law where one token is drafted');
  claim(new Set(lawsOfTwins(twoTokens)).size === 2, 'and part where two are');
  const head = ['fault, and where it was found', 'emitted law', 'total variation'];
  return section(
    '## The faults of real engines',
    `Each fault below was found in published code or is one that a paper warns about. Each is built into this package as an
engine with one thing wrong, and enumerated just as the correct one is. On the table above, where p =
${exactLaw(oneToken.target([]))}:`,
    table(head, seen.map(faultRow)),
    `These laws are fingerprints. An engine that emits token 0 with probability
${exact(seen[1]!.report.emitted[0]!)} is easy to diagnose; faults that share a law here (${listed(twins.map(({ name }) => `\`${name}\``))}) part on longer drafts.`,
    `And on this table ${listed(unseen.map(({ fault }) => `\`${fault.name}\``))} emit exactly p. They are faults all
the same:`,
    unseen.map(({ fault }) => `- \`${fault.name}\`: ${fault.description}`).join('\n'),
    `One drafted token cannot show that a later row is the wrong one, and a residual of a single token leaves nothing to
choose, with whatever noise. A test sees no more than its problem lets it see. So problems here have laws that differ
after every prefix, and residuals of two tokens and more.`,
  );
}

/** The textbook laws that are published with three digits, next to the enumerated ones. */
function signatures(): string {
  const rows = [...FAULTS.values()].flatMap((fault) => {
    const { signature } = fault;
    if (signature === undefined) return [];
    const problem = problemFrom(signature.problem);
    const { emitted } = exactReport(problem, rejection, fault);
    const expected = signature.emitted.map((value) => exactNumber('signature', value));
    claim(
      emitted.every((value, x) => near(value, expected[x]!)),
      `the signature of ${fault.name}`,
    );
    const [p, q] = [problem.target([]), problem.draft([])];
    return [[`\`${fault.name}\``, exactLaw(p), exactLaw(q), exactLaw(emitted)]];
  });
  return section(
    `${capitalized(count(rows.length, 'fault'))} with laws worth knowing by heart, each on a small problem that shows it well:`,
    table(['fault', 'p', 'q', 'emitted law'], rows),
    `For \`shared-noise\` the branches are those of a race: the draft is the first of several exponential clocks to ring,
and the correction looks at the same clocks once more. The joint law of the two winners is an integral of
dt / (a + b t)² over finitely many pieces, which is a fraction again ({@link jointRaceLaw}).`,
  );
}

function near(a: Fraction, b: Fraction): boolean {
  return a.sub(b).abs().compare(exactNumber('half a unit', '0.0006')) < 0;
}
