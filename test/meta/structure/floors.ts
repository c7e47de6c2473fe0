/** The floors of the building, lowest first. Folders of one floor may import each other. */
export const FLOORS: readonly (readonly string[])[] = [
  ['errors.ts', 'quoted.ts'],
  ['numerics', 'patterns'],
  ['chance'],
  ['ops'],
  ['model', 'adapters'],
  ['draft', 'sampling'],
  ['verify'],
  ['decode'],
  ['law', 'train', 'gpu'],
  ['formats'],
  ['language-model', 'oracle'],
  ['cli'],
  ['index.ts', 'browser.ts'],
];

/** What the floors name: the folder in `src`, or the file that is in no folder. */
export const placeOf = (file: string): string => file.split('/')[1]!;
export const floorOf = (place: string): number => FLOORS.findIndex((places) => places.includes(place));
