import { mkdirSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { closeFile, listFolder, openFile, pathInside, readInto } from '../../../src/formats/files.ts';
import { piecesOf, readInput } from '../../../src/formats/input-stream.ts';
import { parseJson, readJson, readJsonInput } from '../../../src/formats/json.ts';
import { jsonLines } from '../../../src/formats/json-lines.ts';
import { decodeUtf8, parseJsonValue } from '../../../src/formats/json-text.ts';
import { OutputFile } from '../../../src/formats/output-file.ts';
import { expectFinite } from '../../../src/formats/safetensors/finite.ts';
import { headerLength, parseHeader } from '../../../src/formats/safetensors/header.ts';
import { SafetensorsFile } from '../../../src/formats/safetensors/reader.ts';
import { writeSafetensors } from '../../../src/formats/safetensors/writer.ts';
import { decodedText, readText } from '../../../src/formats/text.ts';
import { openWeightsFile, refusePickle } from '../../../src/formats/weights-file.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { rawSafetensors } from '../../support/format-folders.ts';
import type { Calls } from './calls.ts';
import { fileWith, folderWith } from './folders.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const missing = (): string => join(folderWith(), 'missing');
const LATIN1 = Uint8Array.of(0xe9);

async function all(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pieces);
}

/** A safetensors file with one tensor of two numbers of this type. */
const safetensors = (dtype: string, size: number): string =>
  fileWith(rawSafetensors({ a: { dtype, shape: [2], data_offsets: [0, size] } }, size));

function withNaN(): string {
  const path = missing();
  writeSafetensors(path, new Map([['a', stored('a', 'F64', Float64Array.of(1, Number.NaN), [2])]]));
  return path;
}

function openOutput(): OutputFile {
  return OutputFile.open('--trace', missing());
}

export const files: Calls = {
  'formats/files openFile': { MissingFileError: () => openFile(missing()), FormatError: () => openFile(folderWith()) },
  'formats/files readInto': {
    FormatError: () => readInto(openFile(fileWith('ab')), 0, new Uint8Array(3)),
    MissingFileError: () => {
      const file = openFile(fileWith('ab'));
      closeFile(file);
      readInto(file, 0, new Uint8Array(1));
    },
  },
  'formats/files listFolder': { MissingFileError: () => listFolder(missing()) },
  'formats/files pathInside': {
    FormatError: () => pathInside('shard', folderWith(), '../x'),
    MissingFileError: () => pathInside('shard', folderWith(), 'missing'),
  },
  'formats/input-stream piecesOf': {
    MissingFileError: () => all(piecesOf(missing())),
    FormatError: () => all(piecesOf(folderWith())),
  },
  'formats/input-stream readInput': {
    MissingFileError: () => readInput(missing(), 9),
    FormatError: () => readInput(fileWith('abc'), 2),
  },
  'formats/json readJson': { MissingFileError: () => readJson(missing()), FormatError: () => readJson(fileWith('{')) },
  'formats/json readJsonInput': {
    MissingFileError: () => readJsonInput(missing()),
    FormatError: () => readJsonInput(fileWith('{')),
  },
  'formats/json parseJson': { FormatError: () => parseJson('x', bytes('[]')) },
  'formats/json-lines jsonLines': {
    MissingFileError: () => all(jsonLines(missing())),
    FormatError: () => all(jsonLines(fileWith('{}\n{\n'))),
  },
  'formats/json-text decodeUtf8': { FormatError: () => decodeUtf8('x', LATIN1) },
  'formats/json-text parseJsonValue': { FormatError: () => parseJsonValue('x', bytes('{"a":1,"a":2}')) },
  'formats/output-file OutputFile.open': {
    WriteError: () => OutputFile.open('--trace', join(missing(), 'below')),
  },
  'formats/output-file OutputFile.write': {
    WriteError: () => {
      const file = openOutput();
      file.finish();
      file.write('x');
    },
  },
  'formats/output-file OutputFile.finish': {
    WriteError: () => {
      const folder = folderWith();
      const file = OutputFile.open('--trace', join(folder, 'name'));
      mkdirSync(join(folder, 'name')); // a folder has taken the name
      file.finish();
    },
  },
  'formats/safetensors/finite expectFinite': {
    NonFiniteError: () => expectFinite('a', stored('a', 'F16', Uint16Array.of(0x7c00), [1])),
  },
  'formats/safetensors/header headerLength': { FormatError: () => headerLength('f', new Uint8Array(7), 7) },
  'formats/safetensors/header parseHeader': {
    FormatError: () => parseHeader('f', bytes('[]'), 10),
    UnsupportedError: () => {
      const json = bytes('{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}');
      parseHeader('f', json, 8 + json.length + 1);
    },
  },
  'formats/safetensors/reader SafetensorsFile': {
    MissingFileError: () => new SafetensorsFile(missing()),
    FormatError: () => new SafetensorsFile(fileWith('')),
    UnsupportedError: () => new SafetensorsFile(safetensors('F4', 1)),
  },
  'formats/safetensors/reader SafetensorsFile.read': {
    FormatError: () => new SafetensorsFile(safetensors('F32', 8)).read('b'),
    UnsupportedError: () => new SafetensorsFile(safetensors('I32', 8)).read('a'),
    NonFiniteError: () => new SafetensorsFile(withNaN()).read('a'),
  },
  'formats/safetensors/writer writeSafetensors': {
    WriteError: () => writeSafetensors(join(missing(), 'below'), new Map()),
    UnsupportedError: () => {
      vi.mocked(endianness).mockReturnValueOnce('BE');
      writeSafetensors(missing(), new Map());
    },
  },
  'formats/text readText': {
    MissingFileError: () => readText(missing(), 9),
    FormatError: () => readText(fileWith('ab'), 1),
  },
  'formats/text decodedText': { FormatError: () => decodedText('x', LATIN1) },
  'formats/weights-file openWeightsFile': {
    UnsupportedError: () => openWeightsFile(folderWith({ 'adapter_model.bin': '' }), 'adapter_model.safetensors'),
    MissingFileError: () => openWeightsFile(folderWith(), 'adapter_model.safetensors'),
  },
  'formats/weights-file refusePickle': {
    UnsupportedError: () => refusePickle('folder', ['adapter_model.bin'], 'adapter_model.safetensors'),
  },
};
