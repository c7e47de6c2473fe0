/** Two laws side by side: what they share, what the draft offers too much of, what the target misses. */
import type { Law } from '../writing/laws.ts';
import { box, COLORS, figure, label, legend } from './svg.ts';

interface LawPicture {
  readonly p: Law;
  readonly q: Law;
  readonly tokens: readonly number[];
  readonly nameOf: (token: number) => string;
  readonly caption: string;
}

const [WIDTH, PLOT, TOP, LEFT] = [700, 220, 40, 46];

export function lawPicture({ p, q, tokens, nameOf, caption }: LawPicture): string {
  const highest = Math.max(...tokens.flatMap((token) => [p[token]!, q[token]!]));
  const scale = PLOT / highest;
  const step = (WIDTH - LEFT) / tokens.length;
  const bar = Math.min(30, step * 0.34);
  const groups = tokens.flatMap((token, i) => {
    const center = LEFT + (i + 0.5) * step;
    const shared = Math.min(p[token]!, q[token]!);
    const stack = (x: number, whole: number, color: string, name: string): string[] => [
      box(x, TOP + PLOT - shared * scale, bar, shared * scale, `fill="${COLORS.kept}"`, `min(p, q) = ${shared}`),
      box(x, TOP + PLOT - whole * scale, bar, (whole - shared) * scale, `fill="${color}"`, `${name} = ${whole}`),
      label(x + bar / 2, TOP + PLOT + 14, name.charAt(0), 'text-anchor="middle" font-size="10" opacity="0.7"'),
    ];
    return [
      ...stack(center - bar - 1, p[token]!, COLORS.residual, `p of ${nameOf(token)}`),
      ...stack(center + 1, q[token]!, COLORS.rejected, `q of ${nameOf(token)}`),
      label(center, TOP + PLOT + 32, nameOf(token), 'text-anchor="middle" font-family="monospace"'),
    ];
  });
  const key = legend(LEFT, 14, [
    [`fill="${COLORS.kept}"`, 'min(p, q): drafted and kept'],
    [`fill="${COLORS.rejected}"`, 'q above p: drafted and rejected'],
    [`fill="${COLORS.residual}"`, 'p above q: the residual'],
  ]);
  const title = 'Target law p and draft law q of the most likely tokens';
  return figure(WIDTH, TOP + PLOT + 42, title, caption, [...key, ...axis(highest, scale), ...groups]);
}

/** Four lines of round numbers. */
function axis(highest: number, scale: number): string[] {
  const unit = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((size) => highest / size <= 5) ?? 0.25;
  const ticks = Array.from({ length: Math.floor(highest / unit) + 1 }, (_, i) => i * unit);
  return ticks.flatMap((tick) => {
    const y = TOP + PLOT - tick * scale;
    return [
      box(LEFT, y, WIDTH - LEFT, 0.6, 'fill="currentColor" opacity="0.25"'),
      label(LEFT - 6, y + 4, tick.toFixed(2), 'text-anchor="end" opacity="0.8"'),
    ];
  });
}
