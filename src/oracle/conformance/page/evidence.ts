import type { EvidencePoint } from '../conform-case.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportedCase } from '../report.ts';

/** The inside of a picture, in its own units, and what is left of and below it. */
const [WIDTH, HEIGHT, LEFT, BELOW] = [560, 120, 44, 26];
/** More points than this cannot be told apart. */
const MOST_POINTS = 280;

/** A curve for each statistical case: evidence against the engine over the texts. */
export function evidenceSection(cases: readonly ReportedCase[]): Markup | null {
  const figures = cases.map(({ id, outcome }) =>
    'evidence' in outcome && outcome.evidence !== undefined && outcome.evidence.length > 0
      ? evidenceFigure(id, outcome.kind, outcome.evidence)
      : null,
  );
  if (figures.every((figure) => figure === null)) return null;
  return markup`<section><h2>Evidence</h2>
<p>How many texts it took, and how strongly they speak against the engine: the logarithm of a bettor's wealth, in nats.</p>
${figures}</section>`;
}

function evidenceFigure(id: string, kind: string, points: readonly EvidencePoint[]): Markup {
  const last = points.at(-1)!;
  const values = points.map(({ logEvidence }) => logEvidence);
  const [least, most] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = (texts: number): string => (LEFT + (WIDTH * texts) / Math.max(1, last.texts)).toFixed(1);
  const y = (value: number): string => (8 + (HEIGHT * (most - value)) / (most - least)).toFixed(1);
  const line = thinned(points)
    .map(({ texts, logEvidence }) => `${x(texts)},${y(logEvidence)}`)
    .join(' ');
  const floor = 8 + HEIGHT;
  return markup`<figure><figcaption>${id}: ${last.logEvidence.toFixed(1)} nats after ${last.texts} texts</figcaption>
<svg viewBox="0 0 ${LEFT + WIDTH + 16} ${floor + BELOW}" role="img" aria-label="${id}">
<path class="axis" d="M${LEFT} 8V${floor}H${LEFT + WIDTH} M${LEFT} ${y(0)}H${LEFT + WIDTH}"/>
${ticks([least, 0, most], y)}
<text x="${LEFT + WIDTH}" y="${floor + 18}" text-anchor="end">${last.texts} texts</text>
<polyline class="${kind === 'fail' ? 'bad' : 'good'}" points="${line}"/>
</svg></figure>
`;
}

/** Numbers on the left; one too near to the number before it is left out. */
function ticks(values: readonly number[], y: (value: number) => string): readonly Markup[] {
  const shown = values.filter((value, i) => i === 0 || Math.abs(Number(y(value)) - Number(y(values[i - 1]!))) > 14);
  return shown.map(
    (value) => markup`<text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dy="4">${value.toFixed(1)}</text>`,
  );
}

/** The points, or evenly chosen ones with the last. */
function thinned(points: readonly EvidencePoint[]): readonly EvidencePoint[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
