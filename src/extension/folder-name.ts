import { isAbsolute, posix } from 'node:path';

/** Undefined for a relative path that stays inside the workspace folder. */
export function folderMistake(text: string): string | undefined {
  const path = text.trim().replaceAll('\\', '/');
  if (path === '') return 'A folder name is needed; `.` for the workspace folder itself.';
  const normal = posix.normalize(path);
  if (isAbsolute(path) || /^[a-z]:/i.test(path) || normal === '..' || normal.startsWith('../')) {
    return 'The folder must be inside the workspace folder.';
  }
  return undefined;
}
