import { describe, expect, it } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { modesHere } from '../../support/gpu-modes.ts';

const MODEL = ['--model', 'fixtures/embedded/base', '--adapter', 'fixtures/embedded/adapter'];
const TEXT = ['generate', ...MODEL, '--prompt', 'def total_price(items):\n', '--max-new-tokens', '12'];

describe('--backend', () => {
  it('generate runs on it and says so', async () => {
    const [cpu, gpu] = [
      await commandLine(...TEXT, '--json'),
      await commandLine(...TEXT, '--json', '--backend', 'gpu:webasm'),
    ];
    const [there, here] = [JSON.parse(cpu.stdout), JSON.parse(gpu.stdout)];
    expect([there.backend, here.backend]).toEqual(['cpu', 'gpu:webasm']);
    expect(here.text).toBe(there.text);
    expect([here.drafted, here.accepted]).toEqual([there.drafted, there.accepted]);
    const { stderr } = await commandLine(...TEXT, '--backend', 'gpu:webasm');
    expect(stderr).toContain('backend: gpu:webasm, float32');
    expect((await commandLine(...TEXT, '--backend', 'cpu')).stderr).not.toContain('backend');
  });

  it('a draft model runs on it too', async () => {
    const draft = ['--draft', 'model:fixtures/embedded/base', '--backend', 'gpu:webasm'];
    const { code, stdout } = await commandLine(...TEXT, ...draft, '--json');
    expect([code, JSON.parse(stdout).drafted > 0]).toEqual([0, true]);
  });

  it('logits are those of float32', async () => {
    const args = ['logits', ...MODEL, '--tokens', '5,6,7', '--json'];
    const [cpu, gpu] = [await commandLine(...args), await commandLine(...args, '--backend', 'gpu:webasm')];
    const [there, here] = [cpu, gpu].map(({ stdout }) => JSON.parse(stdout).logits as number[]) as [number[], number[]];
    expect(here).toEqual(here.map(Math.fround));
    const apart = Math.max(...here.map((logit, i) => Math.abs(logit - there[i]!)));
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(1e-3); // of logits around 20; the derived bound is tested with the backend
  });

  it('a name that does not exist is an error with a suggestion', async () => {
    const { code, stderr } = await commandLine(...TEXT, '--backend', 'gpu:webgl');
    expect(code).not.toBe(0);
    expect(stderr).toContain('one of cpu, gpu:webasm, gpu:headlessgl');
  });

  it.skipIf(modesHere.includes('headlessgl'))(
    'a mode that the machine lacks is an error that says which are',
    async () => {
      const { code, stdout, stderr } = await commandLine(...TEXT, '--backend', 'gpu:headlessgl');
      expect([code === 0, stdout]).toEqual([false, '']);
      expect(stderr).toContain('expected a mode of gpu.js that this machine has (gpu:webasm), got gpu:headlessgl');
    },
  );
});
