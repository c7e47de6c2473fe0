/**
 * Which modules of the base a LoRA adapts, and with which rank and alpha.
 * @packageDocumentation
 */
import type { Budget } from '../../patterns/budget.ts';
import { fullMatcher, wholeMatchBudget } from '../../patterns/whole-match.ts';
import type { LoraConfig } from './config.ts';

/**
 * Whether a LoRA adapts the module of a given path: exclusions first, then a regular expression that matches the
 * whole path, or a list of paths and path ends. Layer numbers restrict the path ends, not the full paths.
 * @param isHead tells the output embedding, which `all-linear` leaves out.
 * @throws {@link FormatError} or {@link UnsupportedError} for a regular expression that is invalid or not implemented.
 * The test throws {@link WorkLimitError} when the patterns take too long over all modules together.
 * @source huggingface/peft `tuners/tuners_utils.py` (`check_target_module_exists`)
 */
export function targetTest(config: LoraConfig, isHead: (path: string) => boolean): (path: string) => boolean {
  const budget = wholeMatchBudget(`${config.label}: exclude_modules and target_modules`);
  const excluded = nameTest(`${config.label}: exclude_modules`, config.excluded, budget);
  const { targets } = config;
  if (typeof targets === 'string') {
    const allLinear = targets.toLowerCase() === 'all-linear';
    const matches = allLinear
      ? (path: string) => !isHead(path)
      : fullMatcher(`${config.label}: target_modules`, targets, budget);
    return (path) => !excluded(path) && matches(path);
  }
  const ends = (path: string): boolean => targets.some((target) => path.endsWith(`.${target}`));
  return (path) => !excluded(path) && (targets.includes(path) || (ends(path) && isInLayers(config, path)));
}

/** Whether `target_modules` is the shorthand for every linear layer but the output embedding. */
export function isAllLinear({ targets }: LoraConfig): boolean {
  return typeof targets === 'string' && targets.toLowerCase() === 'all-linear';
}

function nameTest(label: string, names: string | readonly string[], budget: Budget): (path: string) => boolean {
  if (typeof names === 'string') return names === '' ? () => false : fullMatcher(label, names, budget);
  return (path) => names.some((name) => path === name || path.endsWith(`.${name}`));
}

function isInLayers({ layers, layerLists }: LoraConfig, path: string): boolean {
  if (layers === null) return true;
  const lists = layerLists.length === 0 ? [/^.*?\.[^.]*\.(\d+)\./] : layerLists.map(listPattern);
  const hit = lists.map((list) => list.exec(path)).find((match) => match !== null);
  return hit !== undefined && layers.includes(Number(hit[1]));
}

function listPattern(name: string): RegExp {
  return new RegExp(`^(?:|.*?\\.)${name}\\.(\\d+)\\.`);
}

/**
 * The rank and the scale of a module: its own r and alpha where a pattern matches the end of its path, else the
 * adapter's; `scale = alpha / r`, or `alpha / sqrt(r)` for rsLoRA.
 * @throws {@link FormatError} or {@link UnsupportedError} for a regular expression that is invalid or not implemented.
 * The rule throws {@link WorkLimitError} when the patterns take too long over all modules together.
 * @source huggingface/peft `utils/other.py` (`get_pattern_key`), `tuners/lora/layer.py` (`update_layer`)
 */
export function scaleRule(config: LoraConfig): (path: string) => { rank: number; scale: number } {
  const budget = wholeMatchBudget(`${config.label}: rank_pattern and alpha_pattern`);
  const compile = (key: string, pattern: LoraConfig['rankPattern']) =>
    pattern.map(([text, value]) => {
      const matches = fullMatcher(`${config.label}: ${key}`, `(.*\\.)?(${text})$`, budget);
      return { matches, value };
    });
  const ranks = compile('rank_pattern', config.rankPattern);
  const alphas = compile('alpha_pattern', config.alphaPattern);
  return (path) => {
    const rank = ranks.find(({ matches }) => matches(path))?.value ?? config.rank;
    const alpha = alphas.find(({ matches }) => matches(path))?.value ?? config.alpha;
    return { rank, scale: alpha / (config.rankStabilized ? Math.sqrt(rank) : rank) };
  };
}
