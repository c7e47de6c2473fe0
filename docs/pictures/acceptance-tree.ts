/** All branches of one round as a tree, from the draft on the left to the emitted tokens on the right. */
import type Fraction from 'fraction.js';
import { exact } from '../writing/fractions.ts';
import { box, COLORS, figure, label } from './svg.ts';

/** One choice on the way: what came out and how probable that was. */
export interface TreeStep {
  readonly kind: 'draft' | 'accept' | 'reject' | 'residual' | 'target' | 'skip';
  readonly text: string;
  readonly probability: Fraction;
}

/** One branch: its choices in order, its probability and what it emits. */
export interface TreeBranch {
  readonly steps: readonly TreeStep[];
  readonly probability: Fraction;
  readonly accepted: number;
  readonly emitted: readonly number[];
}

interface AcceptanceTree {
  readonly title: string;
  readonly caption: string;
  readonly branches: readonly TreeBranch[];
  /** Heads of the columns; the last two are of the probability and the emitted tokens. */
  readonly heads: readonly string[];
}

interface Node {
  readonly step: TreeStep | null;
  readonly children: Node[];
  readonly leaf: TreeBranch | null;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const [WIDTH, ROW, TOP, RIGHT] = [700, 34, 44, 165];
const STROKES = {
  draft: 'currentColor',
  accept: COLORS.kept,
  reject: COLORS.rejected,
  residual: COLORS.residual,
  target: COLORS.target,
  skip: 'currentColor',
} as const;

export function acceptanceTree({ title, caption, branches, heads }: AcceptanceTree): string {
  const depth = Math.max(...branches.map(({ steps }) => steps.length));
  const column = (WIDTH - RIGHT - 10) / depth;
  const rows = { next: 0 };
  const { parts } = drawn(grown(aligned(branches, depth), 0, null), 0, column, depth, rows);
  const at = (i: number): number => {
    if (i < depth) return 10 + (i + 0.5) * column;
    return i === depth ? WIDTH - RIGHT + 40 : WIDTH - 44;
  };
  const bold = 'text-anchor="middle" font-weight="bold"';
  const top = heads.map((head, i) => label(at(i), 14, head, bold));
  return figure(WIDTH, TOP + rows.next * ROW, title, caption, [...top, ...parts]);
}

/** Branches of the same length: the last choice is in the last column, what was not asked before it is skipped. */
function aligned(branches: readonly TreeBranch[], depth: number): TreeBranch[] {
  return branches.map((branch) => {
    const { steps, probability } = branch;
    const skipped = Array.from(
      { length: depth - steps.length },
      () => ({ kind: 'skip', text: '', probability }) as const,
    );
    return { ...branch, steps: [...steps.slice(0, -1), ...skipped, ...steps.slice(-1)] };
  });
}

/** Branches with the same choices so far are one node. */
function grown(branches: readonly TreeBranch[], level: number, step: TreeStep | null): Node {
  const groups = new Map<string, TreeBranch[]>();
  for (const branch of branches) {
    const next = branch.steps[level];
    if (next === undefined) return { step, children: [], leaf: branch };
    const key = `${next.kind} ${next.text}`;
    groups.set(key, [...(groups.get(key) ?? []), branch]);
  }
  const children = [...groups.values()].map((group) => grown(group, level + 1, group[0]!.steps[level]!));
  return { step, children, leaf: null };
}

function drawn(node: Node, level: number, column: number, depth: number, rows: { next: number }) {
  const x = 10 + level * column;
  if (node.leaf !== null) {
    const y = TOP + (rows.next++ + 0.5) * ROW - 10;
    return { place: { x, y }, parts: leaf(node.leaf, x, y) };
  }
  const below: { place: Place; parts: string[] }[] = [];
  for (const child of node.children) below.push(drawn(child, level + 1, column, depth, rows));
  const [first, last] = [below[0]!.place.y, below.at(-1)!.place.y];
  const place = { x, y: (first + last) / 2 };
  const edges = below.flatMap((child, i) => edge(place, child.place, node.children[i]!.step!));
  return { place, parts: [...edges, ...below.flatMap(({ parts }) => parts), dot(place)] };
}

/** An edge leaves its node steeply, so that its level part has room for what happened. */
function edge(from: Place, to: Place, { kind, text, probability }: TreeStep): string[] {
  const turn = from.x + 16;
  const line = `M${r(from.x)} ${r(from.y)} L${r(turn)} ${r(to.y)} L${r(to.x)} ${r(to.y)}`;
  const attributes = `fill="none" stroke="${STROKES[kind]}"`;
  if (kind === 'skip') return [`<path d="${line}" ${attributes} stroke-dasharray="1 4" opacity="0.6"/>`];
  return [
    `<path d="${line}" ${attributes} stroke-width="1.6"/>`,
    label((turn + to.x) / 2, to.y - 5, `${text}: ${exact(probability)}`, 'text-anchor="middle"'),
  ];
}

function leaf({ probability, emitted, accepted }: TreeBranch, x: number, y: number): string[] {
  const end = WIDTH - RIGHT;
  const squares = emitted.flatMap((token, i) => {
    const left = WIDTH - 76 + i * 22;
    const color = i < accepted ? COLORS.kept : COLORS.target;
    return [
      box(left, y - 10, 20, 20, `fill="${color}" rx="3"`),
      label(left + 10, y + 4.5, `${token}`, 'text-anchor="middle" style="fill:#fff" font-family="monospace"'),
    ];
  });
  return [dot({ x, y }), label(end + 40, y + 4, exact(probability), 'text-anchor="middle"'), ...squares];
}

function dot({ x, y }: Place): string {
  return `<circle cx="${r(x)}" cy="${r(y)}" r="2.6" fill="currentColor"/>`;
}

function r(value: number): number {
  return Math.round(value * 100) / 100;
}
