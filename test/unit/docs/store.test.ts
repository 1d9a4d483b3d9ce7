import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlCommand, runEvent, trialEvent } from '../../../src/store/events';
import { runRecord } from '../../../src/store/run-record';

const page = readFileSync(join(import.meta.dirname, '../../../docs/store.md'), 'utf8');
const section = (title: string) =>
  page.split(/^(?=## )/m).find((one) => one.startsWith(`## ${title}\n`)) ?? '';

/** Names in the first cells of the tables of a text. */
function firstCells(text: string): readonly string[] {
  return [...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
}

describe('the page about the store', () => {
  it('lists the keys of run.json', () => {
    expect(firstCells(section('`run.json`')).toSorted()).toEqual(Object.keys(runRecord.shape).toSorted());
  });

  it('lists every kind of event', () => {
    const kinds = [...trialEvent.options, ...runEvent.options].map(({ shape }) => shape.kind.value);
    expect(firstCells(section('Events')).toSorted()).toEqual(kinds.toSorted());
  });

  it('lists what can be asked of a run', () => {
    for (const { shape } of controlCommand.options)
      expect(section('Events')).toContain(`"${shape.kind.value}"`);
  });
});
