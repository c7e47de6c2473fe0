import { describe, expect, it } from 'vitest';
import { seededTape } from '../../../src/chance/seeded-tape.ts';
import type { Slot } from '../../../src/chance/slot.ts';
import { type RecordedDraw, recordingTape, replayedTape } from '../../../src/chance/tape.ts';
import { OptionError } from '../../../src/errors.ts';

describe('recording and replay', () => {
  const slots: Slot[] = [
    { purpose: 'draft', position: 2 },
    { purpose: 'accept', position: 2 },
    { purpose: 'target', position: 0 },
  ];

  function recorded(): { record: RecordedDraw[]; drawn: number[] } {
    const record: RecordedDraw[] = [];
    const tape = recordingTape(seededTape(5), record);
    return { record, drawn: slots.map((slot) => tape.uniform(slot)) };
  }

  it('a record holds every draw by name and plays back the same numbers', () => {
    const { record, drawn } = recorded();
    expect(record).toEqual(slots.map((slot, i) => ({ ...slot, uniform: drawn[i] })));
    const tape = replayedTape(JSON.parse(JSON.stringify(record)) as RecordedDraw[]);
    expect(slots.map((slot) => tape.uniform(slot))).toEqual(drawn);
  });

  it('recording changes nothing', () => {
    expect(recorded().drawn).toEqual(slots.map((slot) => seededTape(5).uniform({ ...slot })));
  });

  it('another slot than the recorded one is an error, and spends no draw', () => {
    const tape = replayedTape(recorded().record);
    expect(() => tape.uniform({ purpose: 'draft', position: 3 })).toThrow('tape draw 0: expected draft@3, got draft@2');
    expect(() => tape.uniform({ purpose: 'residual', position: 2 })).toThrow(OptionError);
    expect(() => tape.uniform(slots[0]!)).not.toThrow();
  });

  it('a record that ends early is an error', () => {
    const tape = replayedTape([]);
    expect(() => tape.uniform(slots[0]!)).toThrow('tape draw 0: expected draft@2, got the end of the record');
  });

  it('a record names the token of a clock, and nothing where there is none', () => {
    const record: object[] = [];
    const tape = recordingTape({ uniform: () => 0.5 }, record);
    tape.uniform({ purpose: 'draft', position: 2 });
    tape.uniform({ purpose: 'target', position: 3, token: 0 });
    expect(record.map((draw) => Object.keys(draw))).toEqual([
      ['purpose', 'position', 'uniform'],
      ['purpose', 'position', 'token', 'uniform'],
    ]);
  });
});
