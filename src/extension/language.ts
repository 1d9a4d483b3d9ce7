import type { Template } from '../core/experiment';
import { messagesInUse } from '../protocol/l10n';
import type { Understood } from './outline';

type FileLanguage = typeof import('./file-language');

let loading: Promise<FileLanguage> | undefined;

/** The language of experiment files, loaded when it is first needed: activation does not wait for it. */
export function fileLanguage(): Promise<FileLanguage> {
  loading ??= import('./file-language').then((language) => {
    // A bundle of its own has words of its own.
    language.setMessages(messagesInUse());
    return language;
  });
  return loading;
}

export async function understandText(text: string): Promise<Understood> {
  return (await fileLanguage()).understand(text);
}

export async function experimentTemplates(): Promise<readonly Template[]> {
  return (await fileLanguage()).templates;
}
