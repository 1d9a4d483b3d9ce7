import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/core/experiment';
import { mistake, withModels } from './parsed';
import { places } from './support';

describe('mistakes of YAML', () => {
  it('a syntax error has its place, and hides no others', () => {
    const { diagnostics, experiment } = parseExperiment(
      'data: { source: a.csv, folds: 1 }\ntasks: { y: [ }\n',
    );
    expect(experiment).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('yaml-syntax');
    expect(places(diagnostics)).toContain('1:31 out-of-range');
  });

  it('a key written twice is reported where it is repeated', () => {
    const text = withModels('  m: { kind: forest }\n  m: { kind: linear }');
    const diagnostic = mistake(text);
    expect(diagnostic).toMatchObject({ code: 'duplicate-key', line: 5, column: 3, endColumn: 4 });
  });

  it('an alias without anchor', () => {
    expect(parseExperiment('data: *nothing').diagnostics[0]).toMatchObject({
      code: 'yaml-syntax',
      column: 7,
    });
  });

  it('does not expand aliases without end', () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'l0: &l0 [x, x]'
        : `l${i}: &l${i} [${Array(10)
            .fill(`*l${i - 1}`)
            .join(', ')}]`,
    );
    const { diagnostics } = parseExperiment(levels.join('\n'));
    expect(diagnostics.map(({ code }) => code)).toContain('too-many-aliases');
  });

  it('counts lines and columns the same after CRLF, a byte order mark and characters beyond one unit', () => {
    const text =
      '\uFEFFdata: { source: "𝛌 é.csv", fold: 3 }\r\ntasks: { y: y }\r\nmodels: { m: { kind: forst } }\r\n';
    expect(places(parseExperiment(text).diagnostics)).toEqual(['1:29 unknown-key', '3:22 wrong-value']);
  });

  it.each([
    '{',
    '[',
    '"',
    ': :',
    '&a *a',
    '? !!x',
    '%YAML',
    '\u0000',
    '--- a\n--- b',
    '<<: 1',
    'data: {<<: [1, {a: 2}]}',
    '__proto__: 1',
  ])('never throws: %s', (text) => {
    expect(() => parseExperiment(text)).not.toThrow();
  });
});
