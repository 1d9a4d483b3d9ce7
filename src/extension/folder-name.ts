import { isAbsolute, posix } from 'node:path';
import { t } from '../protocol/l10n';

/** Undefined for a relative path that stays inside the workspace folder. */
export function folderMistake(text: string): string | undefined {
  const path = text.trim().replaceAll('\\', '/');
  if (path === '') return t('A folder name is needed; `.` for the workspace folder itself.');
  const normal = posix.normalize(path);
  if (isAbsolute(path) || /^[a-z]:/i.test(path) || normal === '..' || normal.startsWith('../')) {
    return t('The folder must be inside the workspace folder.');
  }
  return undefined;
}
