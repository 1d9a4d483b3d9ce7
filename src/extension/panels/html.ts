export interface PanelPage {
  readonly title: string;
  /** Webview URIs. */
  readonly script: string;
  readonly style: string;
  /** The webview's own source for the content security policy. */
  readonly cspSource: string;
  readonly nonce: string;
  /** Element that the script defines and the page shows. */
  readonly element: 'taskweave-panel' | 'taskweave-glance';
  /** What stands there until the script has something to show. */
  readonly waiting: string;
  /** Language of the words, and its bundle; empty: they are English. */
  readonly language: string;
  readonly messages: Readonly<Record<string, string>>;
}

/**
 * The document of a panel: nothing is allowed but our own script, style and font. Its first words are painted before
 * either is there: the style sheet comes after them, and the script, which is fetched meanwhile, after that.
 */
export function panelHtml(page: PanelPage): string {
  const { title, script, style, cspSource, nonce, element, waiting, language, messages } = page;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<link rel="modulepreload" nonce="${nonce}" href="${escapeHtml(script)}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<${element}><p class="empty">${escapeHtml(waiting)}</p></${element}>
<link rel="stylesheet" href="${escapeHtml(style)}">
<script type="application/json" id="messages">${JSON.stringify(messages).replaceAll('<', '\\u003c')}</script>
<script type="module" nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
