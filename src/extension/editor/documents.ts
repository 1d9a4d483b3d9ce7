import type * as vscode from 'vscode';
import type { Diagnostic } from '../../core/experiment';
import { sentence } from '../../protocol/sentences';
import { EXPERIMENT_GLOB } from '../target';

export const documentSelector: vscode.DocumentSelector = { pattern: EXPERIMENT_GLOB };

/** The name under which the Problems panel shows our diagnostics. */
export const DIAGNOSTIC_SOURCE = 'taskweave';

/** One sentence: what is wrong, and what to write instead. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const message = sentence(diagnostic.message);
  return diagnostic.remedy ? `${message}: ${sentence(diagnostic.remedy)}` : message;
}
