import { describe, expect, it } from 'vitest';
import { sampled } from '../../../src/chance/sampled.ts';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import { drawSiblings } from '../../../src/draft/siblings.ts';
import { requestFor } from '../../support/drafting.ts';

const LAW = Float64Array.of(0.5, 0, 0.25, 0.25);

/** A chance that answers draws from a list of uniforms, by way of the production chance. */
const chanceOf = (...uniforms: number[]) =>
  sampled({ uniform: () => uniforms.shift() ?? expect.fail('asked too often') });

describe('drawSiblings', () => {
  it('independent: each from the same law, twins too', () => {
    const siblings = drawSiblings(requestFor([1], { chance: chanceOf(0, 0.2, 0.8) }), 1, LAW, 3, 'independent');
    expect(siblings).toEqual([0, 0, 3]);
  });

  it('without replacement: each from what is left, until nothing is', () => {
    // Left after 0: (0, 0, 1/4, 1/4), of which u = 1/2 takes token 3.
    const siblings = drawSiblings(requestFor([1], { chance: chanceOf(0, 0.5, 0.9) }), 1, LAW, 9, 'without-replacement');
    expect(siblings).toEqual([0, 3, 2]);
  });

  it("by race: the first clocks to ring among the target's, in order", () => {
    const chance = sampled(seededTape(3));
    const request = requestFor([1], { chance, draws: 'race' });
    const tokens = drawSiblings(request, 5, LAW, 3, 'without-replacement');
    expect([...tokens].sort()).toEqual([0, 2, 3]);
    expect(tokens[0]).toBe(sampled(seededTape(3)).race({ purpose: 'target', position: 5 }, LAW));
    const rest = LAW.map((mass, token) => (token === tokens[0] ? 0 : mass));
    expect(tokens[1]).toBe(sampled(seededTape(3)).race({ purpose: 'target', position: 5 }, rest));
  });
});
