/** The words of the panel, in the language of the editor: the host writes the bundle into the page. Imported first. */
import { setMessages } from '../src/protocol/l10n';
import { SENTENCES } from '../src/protocol/sentence-templates';
import { knowSentences } from '../src/protocol/sentences';

const bundle: unknown = JSON.parse(document.getElementById('messages')?.textContent || '{}');
if (typeof bundle === 'object' && bundle !== null) {
  setMessages(Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, String(text)])));
  if (Object.keys(bundle).length > 0) knowSentences(SENTENCES);
}
