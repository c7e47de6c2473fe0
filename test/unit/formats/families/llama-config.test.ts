import { expect, it } from 'vitest';
import { readArchitecture } from '../../../../src/formats/families/index.ts';
import { llamaConfig, plainLlama } from '../../../../src/formats/families/llama-config.ts';
import { llamaArchitecture } from '../../../../src/formats/families/llama-layout.ts';

it('a written config.json reads back as the shape', () => {
  for (const layers of [1, 2]) {
    const shape = plainLlama(16, 128, { layers, contextLength: 1024 });
    const config = JSON.parse(JSON.stringify(llamaConfig(shape, 'bfloat16', { bos: 14, eos: 15 })));
    expect(JSON.stringify(readArchitecture('config.json', config))).toBe(JSON.stringify(llamaArchitecture(shape)));
    expect(config).toMatchObject({ bos_token_id: 14, eos_token_id: 15, torch_dtype: 'bfloat16' });
  }
});
