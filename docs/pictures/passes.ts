/** Passes through the target as time: one column per pass, one square per token. */
import type { Step } from 'turbo-lora';
import { box, COLORS, figure, label, legend } from './svg.ts';

interface PassesPicture {
  readonly plain: readonly Step[];
  readonly turbo: readonly Step[];
  readonly nameOf: (token: number) => string;
  readonly caption: string;
}

const [WIDTH, LEFT, TOP] = [700, 60, 36];
const ACCEPTED = `fill="${COLORS.kept}"`;
const OWN = `fill="${COLORS.target}"`;
const REJECTED = `fill="none" stroke="${COLORS.rejected}" stroke-width="1.2"`;

export function passesPicture({ plain, turbo, nameOf, caption }: PassesPicture): string {
  const cell = Math.min(26, (WIDTH - LEFT) / plain.length);
  const deepest = Math.max(...turbo.map((step) => step.drafted.length)) + 1;
  const plainFloor = TOP + cell;
  const turboFloor = plainFloor + 34 + deepest * cell;
  const rows = [
    label(0, plainFloor - 3, 'plain'),
    ...plain.flatMap((step, pass) => column(step, pass, plainFloor, cell, nameOf)),
    label(0, turboFloor - 3, 'turbo'),
    ...turbo.flatMap((step, pass) => column(step, pass, turboFloor, cell, nameOf)),
    label(LEFT, turboFloor + 18, 'passes through the target, left to right', 'opacity="0.8"'),
  ];
  const key = legend(LEFT, 14, [
    [OWN, 'the target’s own token'],
    [ACCEPTED, 'drafted, accepted'],
    [REJECTED, 'drafted, not kept'],
  ]);
  const title = `Plain decoding takes ${plain.length} passes, speculative decoding ${turbo.length}`;
  return figure(WIDTH, turboFloor + 26, title, caption, [...key, ...rows]);
}

/** From the floor up: accepted drafts, the target's token, drafts that were not kept. */
function column(step: Step, pass: number, floor: number, cell: number, nameOf: (token: number) => string): string[] {
  const own = step.emitted.slice(step.accepted);
  const squares = [
    ...step.emitted.slice(0, step.accepted).map((token) => [ACCEPTED, `${nameOf(token)} accepted`] as const),
    ...own.map((token) => [OWN, `${nameOf(token)} from the target`] as const),
    ...step.drafted.slice(step.accepted).map((token) => [REJECTED, `${nameOf(token)} not kept`] as const),
  ];
  return squares.map(([attributes, what], height) => {
    const inset = Math.min(1, cell / 8);
    const side = cell - 2 * inset;
    const x = LEFT + pass * cell + inset;
    return box(x, floor - (height + 1) * cell + inset, side, side, attributes, `pass ${pass + 1}: ${what}`);
  });
}
