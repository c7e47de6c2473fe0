import { folderAt } from '../../../src/formats/folder/node.ts';
import { configuredModel } from '../../../src/oracle/conformance/model-faults/configured-model.ts';
import { answeredRows } from '../../../src/oracle/conformance/operations/read-tensor.ts';
import { emulatedLogits } from '../../../src/oracle/noise/emulated-logits.ts';
import { EmulatedStore } from '../../../src/oracle/noise/emulated-store.ts';
import { committed } from '../../support/own-engines.ts';
import type { Calls } from './calls.ts';

/** Of the judge of engines that take models. */
export const engines: Calls = {
  'oracle/conformance/operations/read-tensor answeredRows': {
    FormatError: () => answeredRows({ dtype: 'F64', shape: [1, 2], hex: '' }, [1, 1], committed.answered),
  },
  'oracle/noise/emulated-logits emulatedLogits': {
    NonFiniteError: () => {
      const { transformer } = configuredModel(folderAt('fixtures/goldens/llama-mqa/base'), null);
      const embedding = { ...transformer.embedding, scale: 1e300 };
      emulatedLogits({ transformer: { ...transformer, embedding }, adapter: null }, [1], 'float32');
    },
  },
  'oracle/noise/emulated-store EmulatedStore.keep': { ShapeError: () => new EmulatedStore(1).keep(1, []) },
};
