import { describe, expect, it } from 'vitest';
import { readSource } from '../../../src/io/read-table';
import { bytesSource, read, shown } from './bytes';

const RECORDS = [
  { 'naïve ☃': 1.5, text: 'a "quoted", {text}', flag: true, mixed: 1 },
  { 'naïve ☃': null, text: 'back\\slash"', mixed: '01', flag: null },
  { text: '[]}{', 'naïve ☃': 2, late: -3, mixed: true, flag: false },
  { text: '?', 'naïve ☃': 2e300, mixed: null },
];
const SHOWN = {
  'naïve ☃': ['numeric', 1.5, null, 2, 2e300],
  text: ['categorical', 'a "quoted", {text}', 'back\\slash"', '[]}{', null],
  flag: ['boolean', 'true', null, 'false', null],
  mixed: ['categorical', '1', '01', 'true', null],
  late: ['numeric', null, null, -3, null],
};

describe('JSON records', () => {
  it.each([
    ['an array', JSON.stringify(RECORDS), 'a.json'],
    ['an array over many lines', `\uFEFF${JSON.stringify(RECORDS, null, 2)}\n`, 'a.JSON'],
    ['an object a line', RECORDS.map((record) => JSON.stringify(record)).join('\r\n'), 'a.ndjson'],
  ])('may be %s', async (_, content, name) => {
    expect(shown(await read(content, name))).toEqual(SHOWN);
    for (let size = 3; size < 12; size++) {
      expect(shown(await readSource(bytesSource(content, name, size), { missing: ['?'] }))).toEqual(SHOWN);
    }
  });

  it.each([
    ['a nested value', '[{"a": 1},\n{"a": {"b": 2}}]', 'nested-value', { line: 2, column: 'a' }],
    ['a record that is no object', '[{"a": 1},\n7]', 'json', { line: 2 }],
    ['a broken record', '{"a": 1}\n{"a": 1,}\n', 'json', { line: 2 }],
    ['a missing comma', '[{"a": 1}\n{"a": 1}]', 'json', { line: 2 }],
    ['an array that is not closed', '[{"a": 1}', 'json', { line: 1 }],
    ['a record that is not closed', '[\n{"a": 1', 'json', { line: 2 }],
    ['text after the array', '[{"a": 1}]\nx', 'json', { line: 2 }],
    ['no record', '[]', 'empty-table', {}],
    ['a key without a name', '[{"": 1}]', 'empty-column-name', {}],
  ])('report %s with its place', async (_, content, code, place) => {
    await expect(read(content, 'a.json')).rejects.toThrowError(
      expect.objectContaining({ code, place: expect.objectContaining(place) }),
    );
  });
});
