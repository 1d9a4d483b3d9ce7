import type { Diagnostic } from '../../core/experiment';
import { t } from '../../protocol/l10n';
import type { FoundTask } from '../outline';
import { outsideForms } from '../outside';
import type { Processes } from '../processes';

export type Validation =
  | {
      readonly ok: true;
      readonly diagnostics: readonly Diagnostic[];
      /** What the data say of each task; absent where there are errors. */
      readonly tasks?: readonly FoundTask[] | undefined;
    }
  | { readonly ok: false; readonly message: string };

/**
 * Checks an experiment's text by itself and against its data, in a child process: data may be large, and is never read in
 * the extension host.
 */
export async function validateText(
  processes: Processes,
  path: string,
  folder: string,
  text: string,
): Promise<Validation> {
  const { stdout, stderr, code } = await processes.capture(
    ['validate', path, '--stdin', '--json'],
    folder,
    text,
  );
  const { validationReport } = await outsideForms();
  const parsed = validationReport.safeParse(parseJson(stdout));
  if (parsed.success) return { ok: true, ...parsed.data };
  const reason = stderr.trim().split('\n').at(-1);
  return { ok: false, message: reason || t('the check ended with exit code {0}', String(code)) };
}

/** Undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
