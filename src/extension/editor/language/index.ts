export { type Suggestion, suggestions } from './completion';
export { cursorsAt } from './cursor';
export { definitionAt } from './definition';
export { schemaHover } from './schema-hover';
export { type FileSymbol, symbolsOf } from './symbols';
