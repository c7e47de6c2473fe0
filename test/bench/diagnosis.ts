/** `npm run diagnosis`: how often `audit` names a known fault of an engine that has another one. About two minutes. */
import { printTable } from '../../src/cli/table.ts';
import { unlistedDiagnoses } from '../support/unlisted-diagnoses.ts';

const CHECKPOINTS = [200, 300, 1000, 10_000];
const SEEDS = [1, 2];

const rates = new Map<string, { alarms: number; named: number }>();
function add(key: string, isNamed: boolean): void {
  const rate = rates.get(key) ?? { alarms: 0, named: 0 };
  rates.set(key, { alarms: rate.alarms + 1, named: rate.named + (isNamed ? 1 : 0) });
}
for (const draftsKnown of [true, false]) {
  for (const seed of SEEDS) {
    for (const { checkpoint, isNamed } of unlistedDiagnoses(seed, draftsKnown, CHECKPOINTS)) {
      add(`${draftsKnown} ${checkpoint}`, isNamed);
      add(`${draftsKnown} all`, isNamed);
    }
  }
}

process.stdout.write('Alarms by faults outside the catalogue that get a known name, of all alarms\n');
const share = (key: string): string => {
  const { named, alarms } = rates.get(key) ?? { named: 0, alarms: 0 };
  return `${named} of ${alarms}`;
};
printTable(
  ['rounds', 'drafts known', 'drafts unknown'],
  ['alarm', ...CHECKPOINTS, 'all'].map((at) => [`${at}`, share(`true ${at}`), share(`false ${at}`)]),
  [1, 2],
);
