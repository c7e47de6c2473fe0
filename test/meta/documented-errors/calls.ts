/** Calls that throw what the doc comment of their subject says, floor by floor. */
import { chance } from './chance.ts';
import { drafting } from './drafting.ts';
import { engines } from './engines.ts';
import { files } from './files.ts';
import { formats } from './formats.ts';
import { gpu } from './gpu.ts';
import { languageModels } from './language-models.ts';
import { laws } from './laws.ts';
import { models } from './models.ts';
import { numbers } from './numbers.ts';
import { operations } from './operations.ts';
import { oracle } from './oracle.ts';
import { patterns } from './patterns.ts';
import { sampling } from './sampling.ts';
import { tensors } from './tensors.ts';
import { tokenizers } from './tokenizers.ts';
import { verification } from './verification.ts';

/** By subject (`model/forward forward`) and error class. A call may be asynchronous. */
export type Calls = Readonly<Record<string, Readonly<Record<string, () => unknown>>>>;

export const calls: Calls = {
  ...numbers,
  ...chance,
  ...operations,
  ...models,
  ...drafting,
  ...sampling,
  ...verification,
  ...patterns,
  ...laws,
  ...files,
  ...formats,
  ...tensors,
  ...tokenizers,
  ...gpu,
  ...languageModels,
  ...oracle,
  ...engines,
};
