/** Strings and templates of a TypeScript file, `{0}`, `{1}`, … in the places of what is put in. */
export function literals(source: string): { readonly at: number; readonly text: string }[];
