import { t } from '../src/protocol/l10n';
import { sentence } from '../src/protocol/sentences';
import { count } from '../src/protocol/words';

export interface Warning {
  readonly words: string;
  /** Fits that say so, where several do. */
  readonly fits: readonly string[];
}

/** Every fit says for itself what may be so for all of them: said once, with how many say it. */
export function groupedWarnings(warnings: readonly string[]): readonly Warning[] {
  const groups = new Map<string, { first: string; fits: string[] }>();
  for (const warning of warnings) {
    const at = warning.indexOf(': ');
    const [fit, what] = at < 0 ? ['', warning] : [warning.slice(0, at), warning.slice(at + 2)];
    const key = `${FAILED.test(fit)} ${what}`;
    const group = groups.get(key);
    if (group) group.fits.push(fit.replace(FAILED, ''));
    else groups.set(key, { first: warning, fits: [fit.replace(FAILED, '')] });
  }
  return [...groups.values()].map(({ first, fits }) => {
    if (fits.length === 1) return { words: sentence(first), fits: [] };
    const at = first.indexOf(': ');
    const what = sentence(first.slice(at + 2));
    const all = count(fits.length, 'fit');
    const words = FAILED.test(first.slice(0, at))
      ? t('{0} failed: {1}', all, what)
      : t('{0}: {1}', all, what);
    return { words, fits };
  });
}

const FAILED = / failed$/;
