import type { Session } from '../model/session.ts';
import type { Shaped } from '../ops/backend.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { type DraftChoice, planOf } from './choice.ts';
import { EMPTY_DRAFT } from './draft.ts';
import type { Drafter } from './drafter.ts';
import { growDraft, lawOfLogits } from './grow.ts';
import type { SpeculativeHeads } from './heads.ts';
import { HeadsPass } from './heads-pass.ts';

/** What a heads drafter needs. */
export interface HeadsDrafterOptions {
  /** The target, whose LM head (with the request's adapter) the heads share. */
  readonly target: Session;
  /** On the target's backend. */
  readonly heads: SpeculativeHeads<Shaped>;
  /** The processors that the draft law goes through, normally the target's. */
  readonly sampler: Sampler;
  readonly choice: DraftChoice;
}

/**
 * Drafts with Turbo LoRA or Medusa heads. Head i guesses every node at depth i. All heads read the same state, so the
 * logits of a head do not depend on what the heads before it guessed. The processors do count those tokens.
 *
 * LoRAX drafts a chain of most likely tokens. Medusa's tree is given by paths of ranks.
 * @throws {@link OptionError} when the choice is deeper than there are heads, or malformed.
 * @source LoRAX `server/lorax_server/adapters/medusa.py`; Medusa `medusa/model/utils.py` (`generate_medusa_buffers`)
 */
export function headsDrafter({ target, heads, sampler, choice }: HeadsDrafterOptions): Drafter {
  const plan = planOf(choice, heads.length);
  return {
    name: `heads (${choice.kind})`,
    *propose(request) {
      const depth = Math.min(plan.depth, request.maxDepth);
      if (request.hidden === null || depth < 1) return EMPTY_DRAFT;
      const rows = yield new HeadsPass(target, heads.slice(0, depth), request.hidden);
      return yield* growDraft({
        ...{ drawing: request, plan, depth, position: request.tokens.length },
        lawsAfter: (level) =>
          level.map((node) => lawOfLogits(request, sampler, node, rows.logits(node.drafted.length))),
      });
    },
  };
}
