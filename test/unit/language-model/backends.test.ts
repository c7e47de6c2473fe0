import { expect, it } from 'vitest';
import { type BackendName, openBackend } from '../../../src/language-model/backends.ts';
import { embeddedFolder, load } from '../../../src/language-model/node.ts';
import { float64Backend } from '../../../src/ops/float64/backend.ts';

it('opens a backend by name', async () => {
  expect(await openBackend('cpu')).toBe(float64Backend);
  expect((await openBackend('gpu:webasm')).name).toBe('gpu:webasm');
});

it('refuses a name that it does not know', async () => {
  await expect(openBackend('gpu' as BackendName)).rejects.toThrow(
    'backend: expected one of cpu, gpu:webasm, gpu:headlessgl, got gpu',
  );
});

it('a model is loaded onto a backend by name, or onto one that is open', async () => {
  const backend = await openBackend('gpu:webasm');
  const [byName, open] = [
    await load(embeddedFolder('base'), { backend: 'gpu:webasm' }),
    await load(embeddedFolder('base'), { backend }),
  ];
  expect([byName.backend.name, open.backend]).toEqual(['gpu:webasm', backend]);
  const options = { maxNewTokens: 3 };
  expect((await byName.complete('def ', options)).tokens).toEqual((await open.complete('def ', options)).tokens);
  await expect(load(embeddedFolder('base'), { backend: 'tpu' as BackendName })).rejects.toThrow(
    'backend: expected one of cpu',
  );
});
