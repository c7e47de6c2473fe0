/** Requests as an engine with a planted fault understands them. */
import { describe, expect, it } from 'vitest';
import type { AskedText, GenerateQuestion } from '../../../../../src/oracle/conformance/operations/generate.ts';
import { UnderstoodRequests } from '../../../../../src/oracle/conformance/own-engine/understood.ts';
import { GREEDY } from '../../../../support/own-engines.ts';

const text = (adapter: string | null): AskedText => ({
  ...{ prompt: [1], adapter, sampling: GREEDY, drafter: null },
  ...{ maxTokens: 4, endTokens: [7], seed: 0 },
});
const question = (model: string, ...adapters: (string | null)[]): GenerateQuestion => ({
  ...{ op: 'generate', model, repetitions: 1 },
  requests: adapters.map(text),
});
const adaptersOf = ({ requests }: GenerateQuestion) => requests.map(({ adapter }) => adapter);

describe('requests are understood', () => {
  it('as they are, without a fault or with one of something else', () => {
    for (const fault of [null, 'coin-at-most', 'rslora-ignored']) {
      const asked = question('m', 'a', null);
      expect(new UnderstoodRequests(fault).of(asked)).toBe(asked);
    }
  });

  it('without their end tokens', () => {
    const { requests } = new UnderstoodRequests('end-tokens-ignored').of(question('m', 'a'));
    expect(requests[0]!.endTokens).toEqual([]);
  });

  it('with the adapter of an earlier question about the same model', () => {
    const understood = new UnderstoodRequests('adapter-stays');
    expect(adaptersOf(understood.of(question('m', null)))).toEqual([null]);
    expect(adaptersOf(understood.of(question('m', 'a', null, 'b')))).toEqual(['a', 'a', 'b']);
    expect(adaptersOf(understood.of(question('n', null)))).toEqual([null]);
    expect(adaptersOf(understood.of(question('m', null)))).toEqual(['b']);
    expect(adaptersOf(understood.of(question('m', null, 'a')))).toEqual(['b', 'a']);
  });
});
