import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../../src/cli/diagnostics';
import { useLanguage } from '../../../src/cli/language';
import { parseExperiment } from '../../../src/core/experiment';
import { setMessages } from '../../../src/protocol/l10n';

const l10n = join(import.meta.dirname, '..', '..', '..', 'l10n');

describe('the language of the command line', () => {
  afterEach(() => setMessages(undefined));

  it('is what is asked for, else that of the environment, else English', () => {
    const of = (given: string | undefined, environment: NodeJS.ProcessEnv) =>
      useLanguage(given, environment, l10n).tag;
    expect(of('zh-cn', { LANG: 'en_US.UTF-8' })).toBe('zh-CN');
    expect(of('en', { LANG: 'zh_CN.UTF-8' })).toBe('en');
    expect(of(undefined, { LANG: 'zh_CN.UTF-8' })).toBe('zh-CN');
    expect(of(undefined, { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en');
    expect(of(undefined, { LANG: 'zh_TW.UTF-8' })).toBe('en');
    expect(of(undefined, { LANG: 'de_DE.UTF-8' })).toBe('en');
    expect(of(undefined, {})).toBe('en');
  });

  it('is refused by name where there is no catalogue of it', () => {
    expect(() => useLanguage('fr', {}, l10n)).toThrow('There are no texts in "fr". There are en, zh-cn.');
    const none = mkdtempSync(join(tmpdir(), 'tw-lang-'));
    try {
      expect(useLanguage(undefined, { LANG: 'zh_CN' }, none).tag).toBe('en');
    } finally {
      rmSync(none, { recursive: true });
    }
  });

  it('is that of findings; their form is for machines in every language', () => {
    const { diagnostics } = parseExperiment(
      'data: { sorce: a.csv }\ntasks: { y: { target: y } }\nmodels: {}\n',
    );
    useLanguage('zh-cn', {}, l10n);
    const [first] = formatDiagnostics(diagnostics, 'x.mtl.yaml').split('\n');
    expect(first).toMatch(/^x\.mtl\.yaml:1:\d+: error: .*[一-龥]/);
  });
});
