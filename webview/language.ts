/** The words of the panel, in the language of the editor: the host writes the bundle into the page. Imported first. */
import { setMessages } from '../src/protocol/l10n';

const bundle: unknown = JSON.parse(document.getElementById('messages')?.textContent || '{}');
if (typeof bundle === 'object' && bundle !== null) {
  setMessages(Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, String(text)])));
}
