// The texts in a TypeScript file, with `{0}`, `{1}`, … in the places of what is put into a template.

/**
 * Strings and templates, each with its place; comments and regular expressions are passed over.
 * @param {string} source
 * @returns {{ readonly at: number, readonly text: string }[]}
 */
export function literals(source) {
  /** @type {{ at: number, text: string }[]} */
  const found = [];
  let i = 0;
  const quoted = () => {
    const [at, quote] = [i, source[i]];
    let text = '';
    for (i++; i < source.length && source[i] !== quote; i++)
      text += source[i] === '\\' ? unescaped(source[++i]) : source[i];
    i++;
    found.push({ at, text });
  };
  const template = () => {
    const at = i;
    let text = '';
    let places = 0;
    for (i++; i < source.length && source[i] !== '`'; ) {
      if (source[i] === '\\') {
        text += unescaped(source[i + 1]);
        i += 2;
      } else if (source.startsWith('${', i)) {
        text += `{${places++}}`;
        i += 2;
        code('}');
      } else text += source[i++];
    }
    i++;
    found.push({ at, text });
  };
  /** @param {string} end of what is read, at the same depth of braces */
  const code = (end) => {
    for (let depth = 0; i < source.length; ) {
      const character = source[i];
      if (character === end && depth === 0) {
        i++;
        return;
      }
      if (character === '{') depth++;
      if (character === '}') depth--;
      if (source.startsWith('//', i)) i = orEnd(source.indexOf('\n', i));
      else if (source.startsWith('/*', i)) i = orEnd(source.indexOf('*/', i)) + 2;
      else if (character === "'" || character === '"') quoted();
      else if (character === '`') template();
      else if (
        character === '/' &&
        /(?:[=(,:;!&|?{}[]|=>|return)\s*$/.test(source.slice(Math.max(0, i - 20), i))
      )
        i = endOfPattern(source, i);
      else i++;
    }
  };
  const orEnd = (/** @type {number} */ place) => (place < 0 ? source.length : place);
  code('');
  return found;
}

/** @param {string} character after a backslash */
function unescaped(character) {
  return character === 'n' ? '\n' : character;
}

/** Where a regular expression ends. @param {string} source @param {number} start */
function endOfPattern(source, start) {
  let inClass = false;
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '[') inClass = true;
    else if (source[i] === ']') inClass = false;
    else if (source[i] === '/' && !inClass) return i + 1;
  }
  return source.length;
}
