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
}

/** The document of a panel: nothing is allowed but our own script, style and font. */
export function panelHtml({ title, script, style, cspSource, nonce, element }: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<link rel="stylesheet" href="${escapeHtml(style)}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<${element}></${element}>
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
