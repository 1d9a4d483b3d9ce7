/**
 * What people read, in their language: the English text is the key, as in the editor's own bundles (`l10n/`). In plain
 * TypeScript, so that words made in pure code are translated too; the extension hands the bundle over when it starts.
 */
let messages: Readonly<Record<string, string>> = {};

/** From now on `t` answers from this bundle; what it lacks stays English. */
export function setMessages(bundle: Readonly<Record<string, string>> | undefined): void {
  messages = bundle ?? {};
}

/** For another bundle of this process: what `setMessages` was given here. */
export function messagesInUse(): Readonly<Record<string, string>> {
  return messages;
}

/** The message with `{0}`, `{1}`, … replaced by the values. */
export function t(message: string, ...values: readonly (string | number)[]): string {
  const text = Object.hasOwn(messages, message) ? messages[message] : message;
  return text.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place));
}
