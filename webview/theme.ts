/** Tells the name of the editor's theme, now and whenever it changes: canvases are drawn anew with it. */
export function observeTheme(tell: (theme: string) => void): void {
  const read = () => tell(`${document.body.dataset.vscodeThemeId ?? ''} ${document.body.className}`);
  new MutationObserver(read).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
  read();
}
