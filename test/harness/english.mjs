// Words in Latin letters where every text should be in another language: what is not a name of the experiment, nor written so
// in every language, is English that was forgotten.

import { readFileSync } from 'node:fs';

/** As it is built. */
const SCHEMA = new URL('../../dist/experiment.schema.json', import.meta.url);

/** Metrics, formats and names that every language writes so; `model:net` is the example of a filter. */
const SHARED =
  /^(AUC|ECE|Git|NA|yaml|RMSE|aRRMSE|CPU|SE|YAML|JSON|CSV|PNG|SVG|HTML|Markdown|Holm|UTC|Node|softmax|Taskweave|TensorFlow|Enter|Esc|wasm|mtl|kB|max|net|model)$/;

/**
 * @param {string} text
 * @param {ReadonlySet<string>} names of the experiment, and keys and values of its file
 */
export function englishIn(text, names) {
  const shown = text.replace(/Node v[\w.]+|\d{8}-\d{6}-[0-9a-f]+|\b(?=[a-f]*\d)[0-9a-f]{6,}\b/g, ' ');
  const words = shown.match(/[A-Za-z][A-Za-z]+/g) ?? [];
  return [...new Set(words)].filter((word) => !names.has(word) && !SHARED.test(word));
}

/**
 * What may be named anywhere: every word of the texts, and the keys and values that an experiment file may have.
 * @param {readonly string[]} texts
 */
export function namesIn(texts) {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  return new Set(
    [...texts, ...keysAndValues(schema)].flatMap((text) => text.match(/[A-Za-z][A-Za-z]+/g) ?? []),
  );
}

/** @param {unknown} part of the schema @returns {readonly string[]} */
function keysAndValues(part) {
  if (typeof part !== 'object' || part === null) return typeof part === 'string' ? [part] : [];
  return Object.entries(part).flatMap(([key, value]) =>
    /^(description|\$schema|title|markdownDescription)$/.test(key) && typeof value === 'string'
      ? []
      : [key, ...keysAndValues(value)],
  );
}

/**
 * For `page.evaluate`: everything that parts of a page say, text by text; code aside.
 * @param {string} parts selector of the parts
 * @param {readonly string[]} attributes that are told too, and the selector of what tells them
 */
export function saidBy(parts, attributes = ['aria-label', 'title', 'placeholder'], by = '') {
  return `(() => {
    const said = [];
    for (const part of document.querySelectorAll(${JSON.stringify(parts)})) {
      if (part.getClientRects().length === 0) continue;
      for (const one of part.querySelectorAll('*'))
        for (const name of ${JSON.stringify(attributes)})
          if (one.matches(${JSON.stringify(by || '*')}) && one.getAttribute(name)) said.push(one.getAttribute(name));
      const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        if (!texts.currentNode.parentElement.closest('script, style, pre, code')) said.push(texts.currentNode.data);
    }
    return said.join('\\n');
  })()`;
}
