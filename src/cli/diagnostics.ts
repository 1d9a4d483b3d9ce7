import type { Diagnostic } from '../core/experiment';
import { sentence } from '../protocol/sentences';

/** Mistakes as compilers print them: `file:line:column: error: message (remedy)`. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], file: string): string {
  return diagnostics
    .map((d) => {
      const place = `${file}${file ? ':' : ''}${d.line}:${d.column}`;
      return `${place}: ${d.severity}: ${sentence(d.message)}${d.remedy ? `\n    ${sentence(d.remedy)}` : ''}`;
    })
    .join('\n');
}
