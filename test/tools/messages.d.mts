export function messages(root: string): readonly string[];
