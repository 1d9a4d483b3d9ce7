/** Colours of a page: those of its reader's system, one of the two, or those of the editor's theme that it is shown in. */
export type ReportTheme = 'auto' | 'light' | 'dark' | 'editor';

const OWN = '--rule:var(--faint);--font:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif';
const LIGHT =
  '--bg:#fff;--fg:#1d2127;--muted:#5c6570;--faint:#e3e6ea;--card:#f7f8fa;--model:#1f6fb5;--base:#7a828c;--good:#1a7f4b;--bad:#b3541e;--ens:#7b4ab0';
const DARK =
  '--bg:#15181c;--fg:#e4e7eb;--muted:#9aa4af;--faint:#31363d;--card:#1c2025;--model:#6cb2f0;--base:#8b949e;--good:#57c98a;--bad:#f0955a;--ens:#bb95e8';
/** Variables that VS Code gives a webview; it changes them with its theme. */
const EDITOR = [
  '--bg:var(--vscode-editor-background)',
  '--fg:var(--vscode-foreground)',
  '--muted:var(--vscode-descriptionForeground)',
  '--faint:var(--vscode-widget-border,var(--vscode-contrastBorder,var(--vscode-panel-border)))',
  '--card:var(--vscode-editorWidget-background)',
  '--model:var(--vscode-charts-blue)',
  '--base:var(--vscode-descriptionForeground)',
  '--good:var(--vscode-charts-green)',
  '--bad:color-mix(in srgb,var(--vscode-charts-red) 45%,var(--vscode-charts-yellow))',
  '--ens:var(--vscode-charts-purple)',
  // Fainter than a border, which high contrast draws in full colour.
  '--rule:color-mix(in srgb,var(--vscode-foreground) 14%,transparent)',
  '--font:var(--vscode-font-family)',
].join(';');

/** The whole style of a report: no font, image or script from elsewhere. */
export function reportStyles(theme: ReportTheme): string {
  return `\n${coloursOf(theme)}${LAYOUT}`;
}

function coloursOf(theme: ReportTheme): string {
  switch (theme) {
    case 'auto':
      return `:root{color-scheme:light dark;${OWN};${LIGHT}}\n@media (prefers-color-scheme:dark){:root{${DARK}}}`;
    case 'light':
      return `:root{color-scheme:light;${OWN};${LIGHT}}\n`;
    case 'dark':
      return `:root{color-scheme:dark;${OWN};${DARK}}\n`;
    case 'editor':
      return `:root{${EDITOR}}\n`;
  }
}

const LAYOUT = `
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 var(--font)}
main{max-width:1180px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}
h2{font-size:19px;margin:40px 0 8px}
h3{font-size:15px;margin:0 0 4px}
p{margin:6px 0;max-width:75ch}
.muted,figcaption{color:var(--muted)}
figcaption{font-size:13px}
.answer{background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:12px 16px;margin:16px 0}
.answer h2{margin:0 0 4px;font-size:16px}
.answer ul{margin:6px 0;padding-left:20px}
.scroll{overflow-x:auto;border:1px solid var(--faint);border-radius:8px}
.scroll:focus-visible{outline:2px solid var(--model)}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;text-align:left;white-space:nowrap;border-bottom:1px solid var(--faint)}
tr:last-child td,tr:last-child th{border-bottom:0}
thead th{color:var(--muted);font-weight:600;background:var(--card)}
tbody th{font-weight:600}
td.right,th.right{text-align:right}
tr.baseline th,tr.baseline td{color:var(--muted);font-weight:400}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:16px}
figure{margin:0;padding:12px;border:1px solid var(--faint);border-radius:8px;background:var(--card);min-width:0}
svg{display:block;max-width:100%;height:auto;margin-top:8px}
svg text{font:11px var(--font);fill:var(--fg)}
svg .tick,svg .title{fill:var(--muted);font-size:10.5px}
svg .small{font-size:10px}
.grid{stroke:var(--rule)}
.zero{stroke:var(--muted);stroke-dasharray:3 3}
.leader{stroke:var(--muted);stroke-width:.75}
.interval{stroke:var(--base);stroke-width:2}
.mark,.dot{fill:var(--base)}
.line{fill:none;stroke:var(--base);stroke-width:2}
.dashed{stroke-dasharray:5 4}
.band{fill:var(--base);fill-opacity:.15}
.model .dot{fill:var(--model)}.model .line,.model .interval{stroke:var(--model)}.model .band{fill:var(--model)}
.ensemble .dot{fill:var(--ens)}
.helped .mark{fill:var(--good)}.helped .interval{stroke:var(--good)}
.hurt .mark{fill:var(--bad)}.hurt .interval{stroke:var(--bad)}
.few .mark{fill:var(--bg);stroke:var(--base)}
.front{fill:none;stroke:var(--muted);stroke-dasharray:4 3}
.alike{fill:var(--model)}.unlike{fill:var(--bad)}.unknown{fill:var(--base)}
.cluster{fill:none;stroke:var(--fg);stroke-width:1.5}
.good{color:var(--good)}.bad{color:var(--bad)}
.key{display:inline-block;width:10px;height:10px;border-radius:5px;margin:0 4px 0 12px;background:var(--base)}
.key.model{background:var(--model)}.key.ensemble{background:var(--ens)}
details{margin:8px 0}
summary{cursor:pointer}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border:1px solid var(--faint);border-radius:8px;padding:12px;font-size:12.5px}
@media print{main{max-width:none}.scroll{overflow:visible}details{display:block}}
`;
