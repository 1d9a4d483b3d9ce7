export function writeSchema(folder: string): Promise<void>;
