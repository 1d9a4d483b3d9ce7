import { html, type TemplateResult } from 'lit';
import { t } from '../../src/protocol/l10n';
import { send } from '../host';
import { menu } from '../menu';
import { plotCsv } from './csv';
import { readTheme } from './plotTheme';
import { resolver } from './resolve';
import type { PlotSpec, View } from './spec';
import { plotSvg, type SvgStyle } from './svg';

interface Shown {
  readonly spec: PlotSpec;
  readonly view: View;
}

/** Saves a plot as it is looked at, or its points; the host asks where to. */
export function saveMenu({ title }: PlotSpec, shown: () => Shown): TemplateResult {
  const name = fileName(title);
  return html`${menu({
    label: t('Save {0}', title),
    icon: 'desktop-download',
    items: [
      { label: t('Save as SVG …'), onPick: () => saveSvg(name, toSvg(shown())) },
      { label: t('Save as PNG …'), onPick: () => void savePng(name, toSvg(shown())) },
      { label: t('Save points as CSV …'), onPick: () => saveText(name, 'csv', plotCsv(shown().spec)) },
      { label: t('Copy points as CSV'), onPick: () => send({ kind: 'copy', text: plotCsv(shown().spec) }) },
    ],
  })}`;
}

function saveSvg(name: string, svg: string): void {
  saveText(name, 'svg', svg);
}

export function saveText(name: string, format: 'svg' | 'csv' | 'md', text: string): void {
  send({ kind: 'save', name, format, content: text });
}

/** A picture at twice the size, for screens with fine pixels. */
async function savePng(name: string, svg: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, content] = canvas.toDataURL('image/png').split(',');
  send({ kind: 'save', name, format: 'png', content });
}

export function fileName(title: string): string {
  const plain = title.normalize('NFKC').replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-');
  return plain.replaceAll(/^-+|-+$/g, '').toLowerCase() || 'plot';
}

function toSvg({ spec, view }: Shown): string {
  return plotSvg(spec, view, svgStyle(900, 420));
}

function svgStyle(width: number, height: number): SvgStyle {
  const resolve = resolver(document.body);
  const { ink, grid } = readTheme(document.body);
  return {
    width,
    height,
    ink,
    grid,
    muted: resolve('var(--muted)'),
    background: resolve('var(--vscode-editor-background)'),
    font: getComputedStyle(document.body).fontFamily,
    resolve,
  };
}
