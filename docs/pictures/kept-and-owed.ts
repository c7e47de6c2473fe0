/**
 * One law in three steps: what is drafted, what of it is kept, what a rejection owes, and that this sums to the target.
 */
import type Fraction from 'fraction.js';
import { exact } from '../writing/fractions.ts';
import { box, COLORS, figure, label } from './svg.ts';

interface KeptAndOwed {
  readonly p: readonly Fraction[];
  readonly q: readonly Fraction[];
  readonly kept: readonly Fraction[];
  readonly owed: readonly Fraction[];
  readonly caption: string;
}

interface Layer {
  readonly law: readonly Fraction[];
  readonly color: string;
}

const [WIDTH, PLOT, TOP, PANELS] = [700, 170, 48, 4];

export function keptAndOwedPicture({ p, q, kept, owed, caption }: KeptAndOwed): string {
  const highest = Math.max(...[...p, ...q].map((value) => value.valueOf()));
  const rejected = q.map((mass, x) => mass.sub(kept[x]!));
  const green = { law: kept, color: COLORS.kept };
  const purple = { law: owed, color: COLORS.residual };
  const panels: [title: string, totals: readonly Fraction[], layers: Layer[]][] = [
    ['drafted: q', q, [green, { law: rejected, color: COLORS.rejected }]],
    ['kept: min(p, q)', kept, [green]],
    ['owed: max(p − q, 0)', owed, [purple]],
    ['kept + owed = p', p, [green, purple]],
  ];
  const parts = panels.flatMap(([title, totals, layers], i) => panel(i, title, totals, layers, PLOT / highest));
  const name = 'The draft law q, the kept part min(p, q), the residual, and their sum, the target law p';
  return figure(WIDTH, TOP + PLOT + 30, name, caption, parts);
}

function panel(at: number, title: string, totals: readonly Fraction[], layers: readonly Layer[], scale: number) {
  const wide = WIDTH / PANELS - 16;
  const left = at * (WIDTH / PANELS) + 8;
  const floor = TOP + PLOT;
  const bar = (wide / totals.length) * 0.62;
  const bars = totals.flatMap((total, x) => {
    const center = left + ((x + 0.5) * wide) / totals.length;
    let height = 0;
    const stack = layers.map(({ law, color }) => {
      const tall = law[x]!.valueOf() * scale;
      height += tall;
      return tall === 0 ? '' : box(center - bar / 2, floor - height, bar, tall, `fill="${color}"`, exact(law[x]!));
    });
    return [
      ...stack.filter((part) => part !== ''),
      label(center, floor - height - 5, exact(total), 'text-anchor="middle"'),
      label(center, floor + 16, `${x}`, 'text-anchor="middle" font-family="monospace"'),
    ];
  });
  return [
    label(left + wide / 2, 14, title, 'text-anchor="middle" font-weight="bold"'),
    box(left, floor, wide, 0.8, 'fill="currentColor" opacity="0.5"'),
    ...bars,
  ];
}
