import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, checkPlainName, hasFile } from '../../../src/formats/folder/folder.ts';
import { memoryFolder, openBytes } from '../../../src/formats/folder/memory.ts';
import { OutputFile } from '../../../src/formats/folder/node/output-file.ts';
import { folderAt, openFile } from '../../../src/formats/folder/node.ts';
import { parseJson, readJson } from '../../../src/formats/json.ts';
import { decodeUtf8, parseJsonValue } from '../../../src/formats/json-text.ts';
import { expectLittleEndian, machine } from '../../../src/formats/safetensors/byte-order.ts';
import { expectFinite } from '../../../src/formats/safetensors/finite.ts';
import { headerLength, parseHeader } from '../../../src/formats/safetensors/header.ts';
import { openSafetensors, writeSafetensors } from '../../../src/formats/safetensors/node.ts';
import { SafetensorsFile } from '../../../src/formats/safetensors/reader.ts';
import { safetensorsPieces } from '../../../src/formats/safetensors/writer.ts';
import { decodedText, readText } from '../../../src/formats/text.ts';
import { openWeightsFile, refusePickle } from '../../../src/formats/weights-file.ts';
import { stored } from '../../../src/numerics/stored.ts';
import { rawSafetensors } from '../../support/format-folders.ts';
import type { Calls } from './calls.ts';
import { fileWith, folderWith } from './folders.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const missing = (): string => join(folderWith(), 'missing');
const LATIN1 = Uint8Array.of(0xe9);

/** What happens where the high byte of a number comes first. */
function onBigEndian(run: () => void): void {
  machine.isLittleEndian = false;
  try {
    run();
  } finally {
    machine.isLittleEndian = true;
  }
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
  'formats/folder/folder bytesOf': {
    MissingFileError: () => bytesOf(folderAt(folderWith()), 'missing', 1),
    FormatError: () => bytesOf(folderAt(folderWith({ a: 'ab' })), 'a', 1),
  },
  'formats/folder/folder hasFile': { MissingFileError: () => hasFile(folderAt(missing()), 'a') },
  'formats/folder/folder checkPlainName': { FormatError: () => checkPlainName('index', '../x') },
  'formats/folder/memory memoryFolder': {
    MissingFileError: () => memoryFolder('m', []).open('a'),
    FormatError: () => memoryFolder('m', []).open('../a', 'index'),
  },
  'formats/folder/memory openBytes': {
    FormatError: () => openBytes('a', new Uint8Array(1)).readInto(0, new Uint8Array(2)),
    MissingFileError: () => {
      const file = openBytes('a', new Uint8Array(1));
      file.close();
      file.readInto(0, new Uint8Array(1));
    },
  },
  'formats/folder/node folderAt': {
    MissingFileError: () => folderAt(missing()).list(),
    FormatError: () => folderAt(folderWith()).open('../x', 'index'),
  },
  'formats/folder/node openFile': {
    MissingFileError: () => openFile(missing()),
    FormatError: () => openFile(folderWith()),
  },
  'formats/folder/node NodeFile.readInto': {
    FormatError: () => openFile(fileWith('ab')).readInto(0, new Uint8Array(3)),
    MissingFileError: () => {
      const file = openFile(fileWith('ab'));
      file.close();
      file.readInto(0, new Uint8Array(1));
    },
  },
  'formats/json readJson': {
    MissingFileError: () => readJson(folderAt(folderWith()), 'missing'),
    FormatError: () => readJson(folderAt(folderWith({ a: '{' })), 'a'),
  },
  'formats/json parseJson': { FormatError: () => parseJson('x', bytes('[]')) },
  'formats/json-text decodeUtf8': { FormatError: () => decodeUtf8('x', LATIN1) },
  'formats/json-text parseJsonValue': { FormatError: () => parseJsonValue('x', bytes('{"a":1,"a":2}')) },
  'formats/folder/node/output-file OutputFile.open': {
    WriteError: () => OutputFile.open('--trace', join(missing(), 'below')),
  },
  'formats/folder/node/output-file OutputFile.write': {
    WriteError: () => {
      const file = openOutput();
      file.finish();
      file.write('x');
    },
  },
  'formats/folder/node/output-file OutputFile.finish': {
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
    FormatError: () => new SafetensorsFile(openFile(fileWith(''))),
    UnsupportedError: () => new SafetensorsFile(openFile(safetensors('F4', 1))),
  },
  'formats/safetensors/reader SafetensorsFile.read': {
    FormatError: () => openSafetensors(safetensors('F32', 8)).read('b'),
    UnsupportedError: () => openSafetensors(safetensors('I32', 8)).read('a'),
    NonFiniteError: () => openSafetensors(withNaN()).read('a'),
  },
  'formats/safetensors/node openSafetensors': { MissingFileError: () => openSafetensors(missing()) },
  'formats/safetensors/node writeSafetensors': {
    WriteError: () => writeSafetensors(join(missing(), 'below'), new Map()),
    UnsupportedError: () => onBigEndian(() => writeSafetensors(missing(), new Map())),
  },
  'formats/safetensors/writer safetensorsPieces': {
    UnsupportedError: () => onBigEndian(() => safetensorsPieces('a', new Map())),
  },
  'formats/safetensors/byte-order expectLittleEndian': {
    UnsupportedError: () => onBigEndian(() => expectLittleEndian('a')),
  },
  'formats/text readText': {
    MissingFileError: () => readText(folderAt(folderWith()), 'missing', 9),
    FormatError: () => readText(folderAt(folderWith({ a: 'ab' })), 'a', 1),
  },
  'formats/text decodedText': { FormatError: () => decodedText('x', LATIN1) },
  'formats/weights-file openWeightsFile': {
    UnsupportedError: () =>
      openWeightsFile(folderAt(folderWith({ 'adapter_model.bin': '' })), 'adapter_model.safetensors'),
    MissingFileError: () => openWeightsFile(folderAt(folderWith()), 'adapter_model.safetensors'),
  },
  'formats/weights-file refusePickle': {
    UnsupportedError: () =>
      refusePickle(folderAt(folderWith({ 'adapter_model.bin': '' })), 'adapter_model.safetensors'),
  },
};
