import * as vscode from 'vscode';

/** Extensions that serve YAML files by the schema we contribute. */
const YAML_EXTENSIONS = ['redhat.vscode-yaml'];

/**
 * Whether another extension serves the file by our schema: JSON files are the editor's own, YAML files those of a YAML
 * extension where one is installed. What the schema cannot know (columns, names, the data) stays ours.
 */
export function isServedByOthers({ languageId }: vscode.TextDocument): boolean {
  if (languageId.startsWith('json')) return true;
  return (
    languageId === 'yaml' && YAML_EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined)
  );
}

/** Findings that a schema makes too. */
const SCHEMA_CODES: ReadonlySet<string> = new Set([
  'yaml-syntax',
  'yaml-warning',
  'duplicate-key',
  'unknown-key',
  'missing-key',
  'missing-value',
  'wrong-value',
  'wrong-type',
]);

export function isSchemaFinding(code: string): boolean {
  return SCHEMA_CODES.has(code);
}
