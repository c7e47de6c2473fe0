/**
 * The modules of a model by path: what checkpoints name, adapters select and reports count.
 * @packageDocumentation
 */
import type { Block } from './block.ts';
import type { Linear } from './linear.ts';
import type { Norm } from './norm.ts';
import { distinctLinears } from './projection.ts';
import type { Transformer } from './weights.ts';

/** What a module is for. */
export type ModuleRole = 'embedding' | 'attention' | 'mlp' | 'norms' | 'head';

/** A module that holds weights. */
export interface Module<W> {
  readonly path: string;
  readonly role: ModuleRole;
  /** Its linear layer, if an adapter may be on it. */
  readonly linear: Linear<W> | null;
  readonly weights: readonly W[];
}

/**
 * Every module with weights, in the order in which they run. The output embedding comes last, also when it shares the
 * table of the embedding, which comes first.
 */
export function modulesOf<W>(model: Transformer<W>): Module<W>[] {
  const { path, table, positions } = model.embedding;
  return [
    { path, role: 'embedding', linear: null, weights: [table] },
    ...(positions === null
      ? []
      : [{ path: positions.path, role: 'embedding', linear: null, weights: [positions.table] } as const]),
    ...model.blocks.flatMap(blockModules),
    ...normModules(model.norm),
    linearModule(model.head, 'head'),
  ];
}

function blockModules<W>({ norms, attention, feedForward }: Block<W>): Module<W>[] {
  const { query, key, value, queryNorm, keyNorm, output, sinks } = attention;
  return [
    ...normModules(norms.beforeAttention),
    ...distinctLinears([query, key, value]).map((linear) => linearModule(linear, 'attention')),
    ...[queryNorm, keyNorm].flatMap(normModules),
    ...(sinks === null ? [] : [{ path: attention.path, role: 'attention', linear: null, weights: [sinks] } as const]),
    linearModule(output, 'attention'),
    ...[norms.afterAttention, norms.beforeFeedForward].flatMap(normModules),
    ...networkModules(feedForward),
    ...normModules(norms.afterFeedForward),
  ];
}

function networkModules<W>(network: Block<W>['feedForward']): Module<W>[] {
  if (network.kind === 'feed-forward') {
    const { gate, up, down } = network;
    const linears = [...distinctLinears(gate === null ? [up] : [gate, up]), down];
    return linears.map((linear) => linearModule(linear, 'mlp'));
  }
  const inside = network.experts.flatMap(networkModules);
  return [linearModule(network.router, 'mlp'), ...inside].map((module) => ({ ...module, linear: null }));
}

function normModules<W>(norm: Norm<W> | null): Module<W>[] {
  if (norm === null) return [];
  const bias = norm.kind === 'layer' ? norm.bias : null;
  const weights = [norm.gain, bias].filter((weight) => weight !== null);
  return [{ path: norm.path, role: 'norms', linear: null, weights }];
}

function linearModule<W>(linear: Linear<W>, role: ModuleRole): Module<W> {
  const { path, weight, bias } = linear;
  return { path, role, linear, weights: bias === null ? [weight] : [weight, bias] };
}

/** The linear layers that an adapter may be on, in the order in which they run; the output embedding last. */
export function allLinears<W>(model: Transformer<W>): Linear<W>[] {
  return modulesOf(model).flatMap(({ linear }) => (linear === null ? [] : [linear]));
}

/**
 * The paths of all modules that no adapter may be on: those without weights, those that contain others, norms, tables
 * and experts.
 */
export function otherModules<W>(model: Transformer<W>): string[] {
  const modules = modulesOf(model);
  const containers = modules.flatMap(({ path }) => {
    const names = path.split('.');
    return names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'));
  });
  const others = modules.filter(({ linear }) => linear === null).map(({ path }) => path);
  return [...new Set([...containers, ...model.weightless, ...others])];
}
