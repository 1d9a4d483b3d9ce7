/** Words in Latin letters of a text that are no names of the experiment and not written so in every language. */
export function englishIn(text: string, names: ReadonlySet<string>): readonly string[];
/** Every word of some texts, and the keys and values that an experiment file may have. */
export function namesIn(texts: readonly string[]): ReadonlySet<string>;
/** For `evaluate`: everything that parts of a page say, labels for screen readers included; code aside. */
export function saidBy(parts: string, attributes?: readonly string[], by?: string): string;
