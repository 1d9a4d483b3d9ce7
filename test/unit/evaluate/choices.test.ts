import { describe, expect, it } from 'vitest';
import { choiceLines, taskChoices } from '../../../src/core/evaluate';

const path = [
  { lambda: [1], values: [{ depth: 2 }] },
  { lambda: [0.1], values: [{ depth: 2 }] },
  { lambda: [0.1], values: [{ depth: 8 }] },
];

describe('what each task chose', () => {
  it('is told beside what all were given, the most frequent choice first', () => {
    const choices = taskChoices({ chosen: [1], byTask: [1, 0, 0], path }, ['a', 'b', 'c']);
    expect(choices).toEqual({
      options: [
        { lambda: 0.1, values: { depth: 2 } },
        { lambda: 1, values: { depth: 2 } },
      ],
      tasks: { a: 0, b: 1, c: 1 },
      given: 0,
    });
    expect(choiceLines({ choices })).toEqual([
      'all tasks were given λ 0.1, depth 2; 2 of 3 would have chosen otherwise',
      'λ 1, depth 2: b, c',
      'λ 0.1, depth 2: a',
    ]);
  });

  it('is its own where each task has one', () => {
    const choices = taskChoices({ chosen: [2, 0], path }, ['a', 'b']);
    expect(choices?.given).toBeUndefined();
    expect(choiceLines({ choices })).toEqual([
      'each task has its own choice',
      'λ 0.1, depth 8: a',
      'λ 1, depth 2: b',
    ]);
  });

  it('is one sentence where all agree, and nothing where there was nothing to choose', () => {
    const choices = taskChoices({ chosen: [1], byTask: [1, 1], path }, ['a', 'b']);
    expect(choiceLines({ choices })).toEqual([
      'all tasks were given λ 0.1, depth 2; each would have chosen it',
    ]);
    expect(taskChoices({ chosen: [0], path: path.slice(0, 1) }, ['a', 'b'])).toBeUndefined();
    expect(taskChoices({ chosen: [0], path }, ['a'])).toBeUndefined();
  });

  it('leaves out a λ that was not swept', () => {
    const fixed = [
      { lambda: [1], values: [{ depth: 2 }] },
      { lambda: [1], values: [{ depth: 8 }] },
    ];
    const choices = taskChoices({ chosen: [1, 0], path: fixed }, ['a', 'b']);
    expect(choices?.options).toEqual([{ values: { depth: 8 } }, { values: { depth: 2 } }]);
  });

  it('names few of many tasks', () => {
    const ids = Array.from({ length: 100 }, (_, t) => `t${t}`);
    const choices = taskChoices({ chosen: [0], byTask: ids.map((_, t) => (t < 90 ? 1 : 0)), path }, ids);
    expect(choiceLines({ choices })[1]).toBe('λ 0.1, depth 2: t0, t1, t2, t3, t4 and 85 more tasks');
  });
});
