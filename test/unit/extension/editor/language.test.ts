import { describe, expect, it } from 'vitest';
import { experimentJsonSchema, parseExperiment } from '../../../../src/core/experiment';
import { type Names, suggestions } from '../../../../src/extension/editor/language/completion';
import { cursorsAt } from '../../../../src/extension/editor/language/cursor';
import { definitionAt } from '../../../../src/extension/editor/language/definition';
import { choicesAt } from '../../../../src/extension/editor/language/schema-choices';
import { schemaHover } from '../../../../src/extension/editor/language/schema-hover';
import { symbolsOf } from '../../../../src/extension/editor/language/symbols';
import { TEXT } from '../support';

const names: Names = {
  columns: ['sex', 'body_mass_g', 'bill length'],
  models: ['linear', 'forest'],
  tasks: ['sex', 'mass'],
  parameters: (model) => (model === 'forest' ? ['trees', 'max_depth'] : ['lambda', 'penalty']),
};

/** Suggestions where `|` stands in the text. */
function at(text: string, options: { json?: boolean; namesOnly?: boolean } = {}) {
  const offset = text.indexOf('|');
  const source = text.slice(0, offset) + text.slice(offset + 1);
  const found = suggestions({
    cursors: cursorsAt(source, offset),
    names,
    namesOnly: options.namesOnly ?? false,
    json: options.json ?? false,
  });
  return {
    labels: found.map(({ label }) => label),
    /** The text with a suggestion taken. */
    taken(label: string): string {
      const one = found.find((suggestion) => suggestion.label === label);
      if (!one) throw new Error(`${label} is not offered among ${found.map((s) => s.label)}`);
      return source.slice(0, one.start) + one.text + source.slice(one.end);
    },
  };
}

describe('completion', () => {
  it('offers the sections of an empty file, those that must be there first', () => {
    const { labels, taken } = at('|');
    expect(labels).toEqual(expect.arrayContaining(['data', 'tasks', 'models', 'sweeps', 'ensembles']));
    expect(taken('data')).toBe('data: ');
  });

  it('offers the keys of a map that are not there yet, whatever the style', () => {
    expect(at('data:\n  source: a.csv\n  fo|').labels).toContain('folds');
    expect(at('data:\n  source: a.csv\n  fo|').labels).not.toContain('source');
    expect(at('data: { source: a.csv, | }').labels).toContain('folds');
    expect(at('data: { source: a.csv, fo|\n').taken('folds')).toBe('data: { source: a.csv, folds: \n');
    expect(at('data:\n  |\ntasks: {}').labels).toContain('source');
  });

  it('offers the parameters of the learner that a model names, and of all before it does', () => {
    expect(at('models:\n  a: { kind: forest, | }').labels).toContain('trees');
    expect(at('models:\n  a: { kind: forest, | }').labels).not.toContain('penalty');
    expect(at('models:\n  a: { | }').labels).toEqual(expect.arrayContaining(['kind', 'trees', 'penalty']));
  });

  it('offers the values of a choice', () => {
    expect(at('models:\n  a: { kind: | }').labels).toEqual(
      expect.arrayContaining(['linear', 'forest', 'boosting', 'neural']),
    );
    expect(at('models:\n  a:\n    kind: fo|').taken('forest')).toBe('models:\n  a:\n    kind: forest');
    expect(at('ensembles:\n  e: { combine: we| }').labels).toContain('weighted');
    expect(at('tasks:\n  a: { target: sex, type: | }').labels).toEqual([
      'regression',
      'binary',
      'multiclass',
    ]);
  });

  it('offers columns of the data where a column is named, and quotes what needs it', () => {
    expect(at('data: { source: a.csv, exclude: [sex, |] }').labels).toEqual(['body_mass_g', 'bill length']);
    expect(at('tasks:\n  a: { target: | }').labels).toEqual(names.columns);
    expect(at('tasks:\n  bo|').taken('body_mass_g')).toBe('tasks:\n  body_mass_g: { target: body_mass_g }');
    expect(at('data:\n  group: "bill|"').taken('bill length')).toBe('data:\n  group: "bill length"');
  });

  it('offers models where a model is named, and the hyperparameters of a swept model', () => {
    const models = 'models:\n  linear: { kind: linear }\n  forest: { kind: forest }\n';
    expect(at(`${models}ensembles:\n  e: { combine: mean, of: [linear, |] }`).labels).toEqual(['forest']);
    expect(at(`${models}sweeps:\n  s: { model: | }`).labels).toEqual(['linear', 'forest']);
    expect(at(`${models}sweeps:\n  s:\n    model: forest\n    over: { | }`).labels).toEqual([
      'trees',
      'max_depth',
    ]);
  });

  it('leaves to another YAML extension what the schema says, and keeps names', () => {
    expect(at('data:\n  |', { namesOnly: true }).labels).toEqual([]);
    expect(at('models: { a: { kind: | } }', { namesOnly: true }).labels).toEqual([]);
    expect(at('tasks:\n  a: { target: | }', { namesOnly: true }).labels).toEqual(names.columns);
  });

  it('says nothing in a comment, and quotes names in JSON', () => {
    expect(at('data: # so|').labels).toEqual([]);
    expect(at('{ "tasks": { "a": { "target": | } } }', { json: true }).taken('sex')).toBe(
      '{ "tasks": { "a": { "target": "sex" } } }',
    );
  });
});

describe('hover', () => {
  const parsed = parseExperiment(TEXT);
  const hover = (word: string, nth = 0) => {
    const lines = TEXT.split('\n');
    const hits = lines.flatMap((line, i) =>
      line.includes(word) ? [{ line: i + 1, column: line.indexOf(word) + 2 }] : [],
    );
    return schemaHover(parsed, hits[nth].line, hits[nth].column)?.text;
  };

  it('shows what the schema says of a key, with its default', () => {
    expect(hover('folds')).toMatch(/folds/i);
    expect(hover('penalty')).toBe(
      choicesAt(['models', 'linear', 'penalty'], parsed.raw)[0].description +
        '\n\nDefault: `"group-lasso"`'.replace(
          '"group-lasso"',
          JSON.stringify(choicesAt(['models', 'linear', 'penalty'], parsed.raw)[0].schema.default),
        ),
    );
  });

  it('says nothing of names that people gave', () => {
    expect(hover('penguins.csv')).toBeUndefined();
  });

  it('has something to say about every key of the schema', () => {
    const undescribed: string[] = [];
    const walk = (path: string[], raw: unknown) => {
      for (const { schema, description } of choicesAt(path, raw)) {
        if (path.length > 0 && !description) undescribed.push(path.join('.'));
        for (const key of Object.keys(schema.properties ?? {})) walk([...path, key], raw);
      }
    };
    walk([], {});
    expect(undescribed).toEqual([]);
    expect(experimentJsonSchema().title).toBe('Taskweave experiment');
  });
});

describe('going to a definition', () => {
  const parsed = parseExperiment(`${TEXT}  chosen: { combine: mean, of: [forest, linear] }\n`);
  const go = (line: number, column: number) => definitionAt(parsed, line, column);

  it('leads from a member to its model', () => {
    const line = parsed.text.split('\n').findIndex((text) => text.includes('chosen')) + 1;
    const column = parsed.text.split('\n')[line - 1].indexOf('forest') + 3;
    expect(go(line, column)).toMatchObject({ kind: 'here', range: { line: 8 } });
  });

  it('leads from a target to its column and from a source to its file', () => {
    expect(go(4, 20)).toEqual({ kind: 'column', source: 'penguins.csv', column: 'sex' });
    expect(go(2, 20)).toEqual({ kind: 'file', source: 'penguins.csv' });
  });

  it('leads nowhere from a keyword', () => {
    expect(go(1, 3)).toBeUndefined();
    expect(go(2, 2)).toBeUndefined();
  });
});

describe('the outline', () => {
  it('lists the sections and what is in them', () => {
    const symbols = symbolsOf(parseExperiment(TEXT));
    expect(symbols.map(({ name }) => name)).toEqual(['data', 'tasks', 'models', 'ensembles']);
    expect(symbols[2].children.map(({ name, detail, kind }) => [name, detail, kind])).toEqual([
      ['linear', 'linear', 'model'],
      ['forest', 'forest', 'model'],
    ]);
    for (const { range, selection } of symbols) {
      expect(range.line).toBeLessThanOrEqual(selection.line);
      expect(range.endLine).toBeGreaterThanOrEqual(selection.endLine);
    }
  });
});
