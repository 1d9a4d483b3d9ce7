/** Files of a template as they are written for a person: the comments in the language of the editor, all else as it is. */
import { t } from '../protocol/l10n';

/** Lines of nothing but a comment that follow each other, or the comment at the end of a line. */
const COMMENTS = /^( *)#(?: .*)?(?:\n\1#(?: .*)?)*$|(?<=\S) +# .+$/gm;

/** What a comment says, line by line. */
function wordsOf(comment: string): string {
  return comment.replace(/^ *# ?/gm, '');
}

/** Every comment of an experiment file, as translators are given it. */
export function commentsOf(text: string): readonly string[] {
  return [...text.matchAll(COMMENTS)].map(([comment]) => wordsOf(comment));
}

/** A file of a template: tables are no comments' place. */
export function inLanguage(path: string, content: string): string {
  if (!path.endsWith('.yaml')) return content;
  return content.replace(COMMENTS, (comment) => {
    const [before] = /^ */.exec(comment) ?? [''];
    return t(wordsOf(comment))
      .split('\n')
      .map((line) => `${before}#${line === '' ? '' : ` ${line}`}`)
      .join('\n');
  });
}
