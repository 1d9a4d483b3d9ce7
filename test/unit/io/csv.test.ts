import { describe, expect, it } from 'vitest';
import { readSource } from '../../../src/io/read-table';
import { bytesSource, cutSource, read, shown } from './bytes';

const thrown = (code: string, place: object = {}) =>
  expect.objectContaining({ name: 'DataError', code, place: expect.objectContaining(place) });

/** Everything at once: BOM, CRLF, LF and CR, quotes, doubled quotes, separators and newlines inside, unicode. */
const NASTY =
  '\uFEFF"größe, cm",naïve ☃, "say ""hi""" ,flag,when\r\n' +
  '1.5,"a,b",  "x\r\ny" ,true,007\n' +
  '\r\n' +
  '-2e3,"He said ""no""",NA,FALSE,012\r' +
  '?,日本語,"",true,""\n' +
  '  42  , spaced text ,😀,True,12a\r\n' +
  '"7",5" pipe,"",?,last';
const NASTY_SHOWN = {
  'größe, cm': ['numeric', 1.5, -2000, null, 42, 7],
  'naïve ☃': ['categorical', 'a,b', 'He said "no"', '日本語', 'spaced text', '5" pipe'],
  'say "hi"': ['categorical', 'x\r\ny', null, null, '😀', null],
  flag: ['boolean', 'true', 'false', 'true', 'true', null],
  when: ['categorical', '007', '012', null, '12a', 'last'],
};

describe('delimited text', () => {
  it('of every usual kind at once is read as it was meant', async () => {
    expect(shown(await read(NASTY))).toEqual(NASTY_SHOWN);
  });

  it('reads the same wherever it is cut into chunks', async () => {
    const { length } = Buffer.from(NASTY);
    for (let at = 0; at <= length; at++) {
      expect(shown(await readSource(cutSource(NASTY, at), { missing: ['NA', '?'] })), `cut at ${at}`).toEqual(
        NASTY_SHOWN,
      );
    }
    for (let size = 1; size < 9; size++) {
      const source = bytesSource(NASTY, 'table.csv', size);
      expect(shown(await readSource(source, { missing: ['NA', '?'] })), `chunks of ${size}`).toEqual(
        NASTY_SHOWN,
      );
    }
  });

  it.each([
    ['comma', 'a,b\n1,x;y\n', 'table.csv'],
    ['semicolon', 'a;b\n1;x;y\n'.replace('x;y', '"x;y"'), 'table.csv'],
    ['tab', 'a\tb\n1\tx;y\n', 'table.csv'],
    ['tab by the name of the file', '"a"\tb\n1\tx;y\n', 'table.tsv'],
    ['bar', 'a|b\n1|x;y\n', 'table.txt'],
  ])('finds the separator: %s', async (_, content, name) => {
    expect(shown(await read(content, name))).toEqual({ a: ['numeric', 1], b: ['categorical', 'x;y'] });
  });

  it('does not count separators inside the quotes of the header', async () => {
    expect(shown(await read('"a,b,c,""d"",e";f\n1;2\n'))).toEqual({
      'a,b,c,"d",e': ['numeric', 1],
      f: ['numeric', 2],
    });
  });

  it('may have one column, no newline at the end, or no rows', async () => {
    expect(shown(await read('a\n1\n\n2'))).toEqual({ a: ['numeric', 1, 2] });
    expect(shown(await read('a,b'))).toEqual({ a: ['numeric'], b: ['numeric'] });
    expect(shown(await read('a,b\n,\n1,'))).toEqual({ a: ['numeric', null, 1], b: ['numeric', null, null] });
  });

  it('takes a decimal comma where semicolons separate, unless points occur too', async () => {
    expect(shown(await read('a;b;c\n1,5;1.234,5;1,5\n-2;7;1.5\n'))).toEqual({
      a: ['numeric', 1.5, -2],
      b: ['categorical', '1.234,5', '7'],
      c: ['categorical', '1,5', '1.5'],
    });
  });

  it('takes as missing what it is told, and an empty cell always', async () => {
    expect(shown(await read('a,b\n-999,none\n1,\nnan,x\n', 'table.csv', ['-999', 'none']))).toEqual({
      a: ['numeric', null, 1, null],
      b: ['categorical', null, null, 'x'],
    });
  });

  it('keeps the spelling of texts that look like numbers in a column that is not numeric', async () => {
    const cells = [
      '1',
      '2.50',
      '+3',
      '1e3',
      '-0',
      '00',
      '.5',
      '5.',
      '0.0000001',
      '12345678901234567890',
      'nan',
      'x',
    ];
    expect(shown(await read(`a\n${cells.join('\n')}\n`))).toEqual({ a: ['categorical', ...cells] });
    const plain = ['1', '-2.5', '0', '0.000001', '123456789012345', '3.7281162702573902', 'x'];
    expect(shown(await read(`a\n${plain.join('\n')}\n`))).toEqual({ a: ['categorical', ...plain] });
  });

  it('reads numbers as exactly as Number() does', async () => {
    const cells = [
      '0.1',
      '1e23',
      '9007199254740993',
      '123456789.123456789',
      '1.7976931348623157e308',
      '5e-324',
      '-0',
    ];
    const more = Array.from({ length: 2000 }, (_, i) => `${Math.sin(i) * 10 ** ((i % 40) - 20)}`);
    const fixed = Array.from({ length: 2000 }, (_, i) => (Math.sin(i) * 1000).toFixed(i % 20));
    const all = [...cells, ...more, ...fixed];
    const { columns } = await read(`a\n${all.join('\n')}\n`);
    expect(columns[0]).toEqual({ kind: 'numeric', name: 'a', values: Float64Array.from(all, Number) });
  });

  it('does not take for a number what is none', async () => {
    for (const cell of [
      '1_000',
      '0x10',
      '1 2',
      '1,000',
      '--1',
      '1e',
      '1e+',
      '.',
      '-',
      'e5',
      '1.2.3',
      '12%',
      'Infinit',
    ]) {
      expect((await read(`a\tb\n1\t0\n${cell}\t0\n`)).columns[0].kind, cell).toBe('categorical');
    }
  });

  it('spells booleans as the file does, false first', async () => {
    const categories = async (content: string) => {
      const [column] = (await read(content)).columns;
      return [column.kind, column.kind === 'numeric' ? [] : column.categories];
    };
    expect(await categories('a\nYes\nNo\n')).toEqual(['boolean', ['No', 'Yes']]);
    expect(await categories('a\nTRUE\nTRUE\n')).toEqual(['boolean', ['FALSE', 'TRUE']]);
    expect(await categories('a\nTrue\nfalse\n')).toEqual(['boolean', ['false', 'true']]);
    expect(await categories('a\ntrue\nno\n')).toEqual(['categorical', ['no', 'true']]);
  });

  it('has dictionaries that do not depend on the order of the rows', async () => {
    const [one] = (await read('a\nb\na\nc\n')).columns;
    const [other] = (await read('a\nc\nb\na\n')).columns;
    expect(one).toMatchObject({ categories: ['a', 'b', 'c'], codes: Int32Array.of(1, 0, 2) });
    expect(other).toMatchObject({ categories: ['a', 'b', 'c'], codes: Int32Array.of(2, 1, 0) });
  });

  it('tells many distinct texts apart', async () => {
    const texts = Array.from({ length: 20000 }, (_, i) => `id ${(i * 7919) % 20011}`);
    const table = await readSource(bytesSource(`a\n${texts.join('\n')}\n`, 'table.csv', 4096), {
      missing: [],
    });
    expect(shown(table).a).toEqual(['categorical', ...texts]);
  });

  it('has the same fingerprint for the same table, however it is written, and another for another', async () => {
    const { fingerprint } = await read('a,b\n1,x\n2,\n');
    expect((await read('"a";"b"\r\n1.0;x\r\n2;NA')).fingerprint).toBe(fingerprint);
    expect((await read('a,c\n1,x\n2,\n')).fingerprint).not.toBe(fingerprint);
    expect((await read('a,b\n1,x\n3,\n')).fingerprint).not.toBe(fingerprint);
    expect((await read('a,b\n1,y\n2,\n')).fingerprint).not.toBe(fingerprint);
  });
});

describe('a mistake in delimited text is reported with its place', () => {
  it.each([
    ['a row of other length', 'a,b\n"1\n2",3\n4\n', 'ragged-row', { file: 'table.csv', line: 4 }],
    ['a row of other length after CRLF', 'a,b\r\n1,2\r\n1,2,3\r\n', 'ragged-row', { line: 3 }],
    ['a column without a name', 'a,,c\n1,2,3\n', 'empty-column-name', { line: 1 }],
    ['two columns of one name', 'a,b,a\n1,2,3\n', 'duplicate-column-name', { line: 1, column: 'a' }],
    ['a quote never closed', 'a,b\n1,2\n3,"x\ny\n', 'quote', { line: 3 }],
    ['text after a quote', 'a,b\n1,2\n"x"y,3\n', 'quote', { line: 3 }],
    ['an infinite number', 'a,b\n1,2\n-inf,3\n', 'infinite-number', { row: 2, column: 'a' }],
    ['a number too large', 'a,b\n1,2\n1e999,3\n', 'infinite-number', { row: 2, column: 'a' }],
    ['an empty file', '', 'empty-table', {}],
    ['a file of blank lines', '\n\n', 'empty-table', {}],
  ])('%s', async (_, content, code, place) => {
    await expect(read(content)).rejects.toThrowError(thrown(code, place));
  });

  it.each([
    ['Latin-1 cells', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), 'encoding'],
    ['Latin-1 names', Buffer.from('a,caf\xe9\n1,2\n', 'latin1'), 'encoding'],
    ['UTF-16', Buffer.from('\uFEFFa,b\n', 'utf16le'), 'encoding'],
    ['Parquet', Buffer.from('PAR1....'), 'unsupported-format'],
    ['a workbook', Buffer.from('PK\x03\x04....'), 'unsupported-format'],
  ])('%s', async (_, content, code) => {
    await expect(read(content)).rejects.toThrowError(thrown(code));
  });
});
