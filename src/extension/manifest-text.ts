const texts: Record<string, string> = {};

/** A placeholder for a text of the manifest; the text itself goes into package.nls.json. */
export function nls(key: string, english: string): string {
  texts[key] = english;
  return `%${key}%`;
}

/** Every text that a placeholder was made for, by its key. */
export function textsMade(): Readonly<Record<string, string>> {
  return texts;
}
