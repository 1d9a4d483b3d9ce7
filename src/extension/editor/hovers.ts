import * as vscode from 'vscode';
import type { Curve, LambdaPath } from '../../protocol/curves';
import { isGoing } from '../../protocol/words';
import type { Experiments } from '../experiments';
import type { Queries } from '../query-client';
import type { RunLibrary, ShownRun } from '../run-library';
import { storeOf, type Target } from '../target';
import { documentSelector } from './documents';
import { hoverText } from './hover-text';
import { rowsOf, subjectsOf } from './inline-notes';

const MAX_POINTS = 80;
/** Commands that a hover may run. */
const LINKS = ['taskweave.openMetrics', 'taskweave.compare', 'taskweave.sweep', 'taskweave.run'];

/** Hovers on the name of a model, ensemble or task, and on what stands after its line. */
export class ScoreHovers implements vscode.HoverProvider {
  private constructor(
    private readonly experiments: Experiments,
    private readonly library: RunLibrary,
    private readonly queries: Queries,
  ) {}

  static register(experiments: Experiments, library: RunLibrary, queries: Queries): vscode.Disposable {
    const provider = new ScoreHovers(experiments, library, queries);
    return vscode.languages.registerHoverProvider(documentSelector, provider);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const { parsed, outline } = await this.experiments.understand(document);
    const atEnd = position.character >= document.lineAt(position.line).text.length;
    const found = subjectsOf({ outline, locate: parsed.locate }).find(
      ({ at }) =>
        at.line - 1 === position.line &&
        (atEnd || (position.character >= at.column - 1 && position.character <= at.endColumn - 1)),
    );
    if (!found) return undefined;
    const { at, kind, name } = found;
    const subject = { kind, name };
    const path = document.uri.fsPath;
    const shown = this.library.shownOf(path);
    const target: Target = { experiment: path, [kind]: name };
    const run = rowsOf(shown, subject)[0]?.run ?? shown[0];
    const going = shown[0] && isGoing(shown[0].detail.summary.status) ? shown[0] : undefined;
    const text = hoverText({
      subject,
      target,
      shown,
      sweepable: outline.models.find((model) => model.name === name)?.sweepable ?? false,
      trusted: vscode.workspace.isTrusted,
      color: curveColor(),
      ...(kind === 'model' && run && (await this.curveOf(path, run, name))),
      standing:
        kind === 'model' && going
          ? this.library.standingOf(path, going.detail.summary.run)?.find((one) => one.model === name)
          : undefined,
    });
    if (text === '') return undefined;
    const markdown = new vscode.MarkdownString(text, true);
    markdown.isTrusted = { enabledCommands: LINKS };
    const range = new vscode.Range(at.line - 1, at.column - 1, at.endLine - 1, at.endColumn - 1);
    return new vscode.Hover(markdown, atEnd ? undefined : range);
  }

  /** The λ path of a model; where it has none, the loss of its refit, or of a fold. */
  private async curveOf(
    experiment: string,
    { detail }: ShownRun,
    model: string,
  ): Promise<{ readonly path?: LambdaPath; readonly losses?: readonly (number | null)[] }> {
    const where = { store: storeOf(experiment), run: detail.summary.run, model };
    try {
      const { paths } = await this.queries.ask<'path'>({ kind: 'path', ...where });
      const path = paths.find(({ scope }) => scope === 'joint');
      if (path && path.points.length > 1) return { path };
      const { curves } = await this.queries.ask<'curves'>({
        kind: 'curves',
        ...where,
        scope: 'joint',
        configuration: 0,
        maxPoints: MAX_POINTS,
      });
      return { losses: lossesOf(curves) };
    } catch {
      // The table of scores says enough; why the store cannot be read is said by the trees.
      return {};
    }
  }
}

/** The objective before the loss of one task, of the refit before a fold. */
function lossesOf(curves: readonly Curve[]): readonly (number | null)[] | undefined {
  const rank = ({ quantity, fold }: Curve) => (quantity === 'objective' ? 2 : 4) - (fold === null ? 1 : 0);
  const usable = curves.filter(({ quantity }) => quantity === 'objective' || quantity === 'taskLoss');
  return usable.toSorted((a, b) => rank(a) - rank(b))[0]?.values;
}

function curveColor(): string {
  const { kind } = vscode.window.activeColorTheme;
  if (kind === vscode.ColorThemeKind.HighContrast) return '#ffffff';
  if (kind === vscode.ColorThemeKind.HighContrastLight) return '#000000';
  return kind === vscode.ColorThemeKind.Light ? '#1a6fb5' : '#4fa3e3';
}
