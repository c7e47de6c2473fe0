import { describe, expect, it } from 'vitest';
import { flagsOf, ROUND_FLAGS } from '../../../../../src/oracle/vectors/rounds/flags.ts';
import { playRound, type RoundInputs } from '../../../../../src/oracle/vectors/rounds/played-round.ts';
import { ruleNamed } from '../../../../../src/verify/rules.ts';

const HALVES = [0.5, 0.5, 0, 0];
const flags = (rule: string, inputs: Partial<RoundInputs> & Pick<RoundInputs, 'tokens' | 'parents'>): string[] => {
  const { tokens } = inputs;
  const round: RoundInputs = {
    vocabulary: 4,
    drawn: 'independent',
    target: [-1, ...tokens].map(() => HALVES),
    draft: tokens.map(() => HALVES),
    uniforms: { accept: [[0.5], [0.5], [0.5]], residual: [[0.3], [0.3]], target: [[0.3], [0.3], [0.3]] },
    ...inputs,
  };
  return flagsOf(round, playRound(ruleNamed(rule), round));
};

describe('flags of rounds, by hand', () => {
  it('all accepted, then token 0', () => {
    expect(flags('rejection', { tokens: [1], parents: [-1] })).toEqual(['AllAccepted', 'TokenZero']);
  });

  it('an impossible token at u = 0, and a correction that could be one of two', () => {
    const uniforms = { accept: [[0]], residual: [[0.7]], target: [[0.3]] };
    const round = { tokens: [2], parents: [-1], draft: [[0.25, 0.25, 0.5, 0]], uniforms };
    expect(flags('rejection', round)).toEqual([
      ...['NoneAccepted', 'ImpossibleToken', 'UniformZero', 'WideResidual', 'AtBoundary'],
    ]);
  });

  it('a correction that can only be one token is not wide', () => {
    const round = { tokens: [1], parents: [-1], target: [[0.75, 0.25, 0, 0]], draft: [HALVES] };
    expect(flags('rejection', { ...round, uniforms: { accept: [[0.9]], residual: [[0.3]], target: [[0.3]] } })).toEqual(
      ['NoneAccepted', 'TokenZero'],
    );
  });

  it('a tree with twins', () => {
    const found = flags('match', { tokens: [1, 1], parents: [-1, -1] });
    expect(found).toEqual(expect.arrayContaining(['Tree', 'Twins']));
    expect(flags('match', { tokens: [1, 1], parents: [-1, 0] })).not.toContain('Twins');
  });

  it('computed tokens, and a near tie', () => {
    const computed = { tokens: [1], parents: [-1], drawn: 'top', draft: [[0, 1, 0, 0]] } as const;
    expect(flags('rejection', computed)).toContain('Computed');
    const uniforms = { accept: [[0.49999]], residual: [[0.3]], target: [[0.3], [0.3]] };
    expect(flags('rejection', { ...computed, uniforms })).toContain('NearTie');
  });

  it('each has a meaning', () => {
    for (const meaning of Object.values(ROUND_FLAGS)) expect(meaning).toMatch(/\.$/);
  });
});
