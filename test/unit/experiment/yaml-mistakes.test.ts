import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/core/experiment/document';
import { yamlMistake } from '../../../src/core/experiment/yaml-mistakes';
import { YAML_SENTENCES } from '../../../src/protocol/yaml-sentences';

const FILES: readonly (readonly [string, string])[] = [
  ['a: [1, 2\nb: 3\n', 'a list that begins with `[` is not closed'],
  [
    'models:\n  linear: { kind: linear\n  forest: { kind: forest }\n',
    'a map that begins with `{` is not closed',
  ],
  ['{ a: 1\n', 'a map that begins with `{` is not closed'],
  ['a: "x\nb: 1\n', 'a quote is not closed'],
  ["a: 'x\nb: 1\n", 'a quote is not closed'],
  ['a:\n\tb: 1\n', 'a line is indented with a tab'],
  ['a:\n    b: 1\n  c: 2\n', 'this line begins in another column than those it belongs with'],
  ['a: 1\nb\nc: 2\n', 'a key without a colon after it'],
  ['a: b: 1\n', 'a second `key: value` on one line'],
  ['a: [1,, 2]\n', 'there is no item before this comma'],
  ['a: "x"#c\n', 'a comment begins right behind something else'],
  ['a: @x\n', 'a text without quotes cannot begin with this character'],
  ['a: *\n', 'the name of an anchor (`&name`) or an alias (`*name`) is empty, or ends in a colon'],
  ['a: "\\q"\n', 'a backslash in double quotes begins no character that YAML knows'],
  ['a:\n - 1\n- 2\n', 'a list stands where a key is expected'],
  ['a: "x" y\n', 'a value has ended, and something follows it'],
  ['a: [1] ]\n', 'a bracket is closed that was not opened'],
  ['a: |x\n b\n', 'there is more on the line behind `|` or `>`'],
  ['a: !foo x\n', 'a word that begins with `!` is a tag, and there is none of this name here'],
  [
    '%FOO\n---\na: 1\n',
    'a line that begins with `%` is an instruction to YAML, and it knows none of this name',
  ],
  ['a: &x &y 1\n', 'one value has two anchors (`&name`)'],
  ['a: 1\n---\nb: 2\n', 'a second document begins here'],
  ['a: {\n b:\n - 1\n}\n', 'a list or a map in lines of its own stands inside brackets'],
  ['a: - 1\n', 'a list with `-` begins on the line of its key'],
];

describe('a file that is no YAML', () => {
  it.each(FILES)('%j is told in words about the file', (text, message) => {
    const [first] = parseSource(text).diagnostics;
    expect(first.message).toBe(message);
    expect(first.code).toMatch(/^yaml-/);
    expect(first.remedy).toBeTruthy();
  });

  it('is told without a word of the parser, for every finding that it has a code of', () => {
    const errors = join(import.meta.dirname, '../../../node_modules/yaml/dist/errors.d.ts');
    const [, union = ''] = /type ErrorCode = ([^;]+);/.exec(readFileSync(errors, 'utf8')) ?? [];
    const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(20);
    const known = new Set(YAML_SENTENCES);
    const told = codes.map((code) => yamlMistake(code, 'words of the parser'));
    expect(told.filter(({ message, remedy }) => !known.has(message) || !known.has(remedy))).toEqual([]);
    // What the options of ours never find: keys that are twice there, keys that are no text, the impossible.
    const otherwise = yamlMistake('', '').message;
    expect(codes.filter((_, i) => told[i].message === otherwise).sort()).toEqual([
      'DUPLICATE_KEY',
      'IMPOSSIBLE',
      'NON_STRING_KEY',
    ]);
  });
});
