import type { AskedDrafter, AskedText } from '../operations/generate.ts';
import type { Fixtures } from './suite.ts';

/** A request with its folders where an engine finds them. */
export function resolved({ at }: Fixtures, text: AskedText): AskedText {
  const { adapter, drafter } = text;
  return {
    ...text,
    adapter: adapter === null ? null : at(adapter),
    drafter: drafter === null ? null : found(at, drafter),
  };
}

function found(at: (path: string) => string, drafter: AskedDrafter): AskedDrafter {
  switch (drafter.kind) {
    case 'draft-model':
      return { ...drafter, model: at(drafter.model) };
    case 'heads':
      return { ...drafter, folder: at(drafter.folder) };
    case 'lookup':
      return drafter;
  }
}
