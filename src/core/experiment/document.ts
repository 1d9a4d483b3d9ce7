import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from './experiment';
import { yamlMistake } from './yaml-mistakes';

export type Path = readonly (string | number)[];

/** Lines and columns count from 1 (columns in UTF-16 units); the end is exclusive. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Start and end in the text, in UTF-16 units. */
type Offsets = readonly [number, number];

/** Offsets into the text: of the key (or list item) and of the value at one path. */
interface Place {
  readonly key?: Offsets;
  readonly value?: Offsets;
  /** The value is a map or a list, for which the key is the better thing to point at. */
  readonly collection: boolean;
}

/** The experiment file as plain data, and where each part of it stands in the text. */
export interface SourceDocument {
  readonly raw: unknown;
  /** Mistakes of the YAML itself. */
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  /** Range of the key or the value at `path`; where the path does not exist, of its nearest ancestor that does. */
  locate(path: Path, part?: 'key' | 'value'): SourceRange;
}

/** Expanding more aliases than this is taken for an attack ("billion laughs"), as YAML libraries do. */
const MAX_ALIASES = 100;

/** Parses YAML (and so JSON). Never throws: every mistake is a diagnostic. */
export function parseSource(text: string): SourceDocument {
  // Editors do not count a byte order mark as a column.
  const source = text.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
  });
  const rangeOf = ([start, end]: Offsets): SourceRange => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(start, end));
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  const builder = new Builder(document);
  const raw = builder.build(document.contents, []);
  const diagnostics: Diagnostic[] = [
    ...document.errors.map((error) => ({
      severity: 'error' as const,
      code: 'yaml-syntax',
      ...yamlMistake(error.code, error.message),
      ...rangeOf(error.pos),
    })),
    ...document.warnings.map((warning) => ({
      severity: 'warning' as const,
      code: 'yaml-warning',
      ...yamlMistake(warning.code, warning.message),
      ...rangeOf(warning.pos),
    })),
    ...builder.duplicates.map(({ name, offsets }) => ({
      severity: 'error' as const,
      code: 'duplicate-key',
      message: `the key "${name}" is written twice here`,
      remedy: 'keep one of the two, or give one another name',
      ...rangeOf(offsets),
    })),
  ];
  for (const { name, offsets } of builder.unresolved) {
    diagnostics.push({
      severity: 'error',
      code: 'yaml-syntax',
      message: `the alias *${name} has no anchor before it`,
      remedy: `write \`&${name}\` before the part to repeat, or put the text in quotes`,
      ...rangeOf(offsets),
    });
  }
  if (builder.aliases > MAX_ALIASES) {
    diagnostics.push({
      severity: 'error',
      code: 'too-many-aliases',
      message: `the file repeats parts by alias (*name) more than ${MAX_ALIASES} times`,
      remedy: 'write the repeated parts out',
      ...rangeOf([0, 1]),
    });
  }
  return {
    raw,
    diagnostics,
    text: source,
    locate(path, part) {
      for (let length = path.length; length > 0; length--) {
        const place = builder.places.get(placeKey(path.slice(0, length)));
        if (place === undefined) continue;
        const wanted = length < path.length ? 'key' : (part ?? (place.collection ? 'key' : 'value'));
        const offsets = wanted === 'key' ? (place.key ?? place.value) : (place.value ?? place.key);
        if (offsets !== undefined) return rangeOf(offsets);
      }
      const start = source.search(/\S/);
      return rangeOf(start < 0 ? [0, 0] : [start, start + 1]);
    },
  };
}

/** Walks the YAML tree once, making plain data and noting where every part stands. */
class Builder {
  aliases = 0;
  readonly places = new Map<string, Place>();
  readonly duplicates: { name: string; offsets: Offsets }[] = [];
  readonly unresolved: { name: string; offsets: Offsets }[] = [];

  constructor(private readonly document: Document) {}

  build(node: unknown, path: Path): unknown {
    const resolved = this.resolve(node);
    if (isMap(resolved)) return this.map(resolved, path);
    if (isSeq(resolved)) {
      return resolved.items.map((item, index) => {
        const own = [...path, index];
        this.place(own, undefined, item);
        return this.build(item, own);
      });
    }
    return isScalar(resolved) ? scalarValue(resolved.value, resolved.source, path) : null;
  }

  private map(map: YAMLMap, path: Path): Record<string, unknown> {
    // Without a prototype, so that a key `__proto__` is an ordinary key.
    const own: Record<string, unknown> = Object.create(null);
    const merged: unknown[] = [];
    for (const { key, value } of map.items) {
      const name = this.keyName(key);
      if (name === '<<') {
        const parts = this.build(value, path);
        merged.push(...(Array.isArray(parts) ? parts : [parts]));
      } else if (name in own) {
        const offsets = offsetsOf(key);
        if (offsets !== undefined) this.duplicates.push({ name, offsets });
      } else {
        this.place([...path, name], key, value);
        own[name] = this.build(value, [...path, name]);
      }
    }
    for (const part of merged) {
      for (const [name, value] of Object.entries(part ?? {})) {
        if (!(name in own)) own[name] = value;
      }
    }
    return own;
  }

  private keyName(key: unknown): string {
    const resolved = this.resolve(key);
    if (isScalar(resolved))
      return typeof resolved.value === 'string' ? resolved.value : (resolved.source ?? '');
    return String(resolved);
  }

  private resolve(node: unknown): unknown {
    if (!isAlias(node)) return node;
    this.aliases++;
    if (this.aliases > MAX_ALIASES) return null;
    const anchored = node.resolve(this.document);
    const offsets = offsetsOf(node);
    if (anchored === undefined && offsets !== undefined) this.unresolved.push({ name: node.source, offsets });
    return anchored;
  }

  private place(path: Path, key: unknown, value: unknown): void {
    this.places.set(placeKey(path), {
      key: offsetsOf(key),
      value: offsetsOf(value),
      collection: isMap(value) || isSeq(value),
    });
  }
}

const placeKey = (path: Path): string => JSON.stringify(path);

function offsetsOf(node: unknown): Offsets | undefined {
  if (!isNode(node) || !node.range) return undefined;
  return node.range[1] > node.range[0] ? [node.range[0], node.range[1]] : undefined;
}

/** At names and cell texts, `2020`, `1.0`, `NA` and `~` mean their very characters. */
function scalarValue(value: unknown, source: string | undefined, path: Path): unknown {
  if (typeof value === 'string' || source === undefined) return value;
  return isTextPath(path) && source !== '' ? source : value;
}

const TEXT_KEYS = {
  data: ['task', 'group', 'time', 'weight', 'split', 'source', 'features', 'exclude', 'missing'],
  tasks: ['target', 'positive', 'source'],
  sweeps: ['model'],
  ensembles: ['of'],
};

function isTextPath([section, first, second]: Path): boolean {
  if (section === 'data') return TEXT_KEYS.data.includes(String(first));
  if (section === 'tasks') return second === undefined || TEXT_KEYS.tasks.includes(String(second));
  if (section === 'sweeps') return TEXT_KEYS.sweeps.includes(String(second));
  return section === 'ensembles' && TEXT_KEYS.ensembles.includes(String(second));
}
