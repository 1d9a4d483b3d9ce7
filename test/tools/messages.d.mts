export function messages(root: string): string[];
export function nouns(root: string): string[];
export function columnLabels(root: string): string[];
export function sources(root: string, room: string): string;
