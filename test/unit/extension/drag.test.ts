import { describe, expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({
  DataTransferItem: class {
    constructor(readonly value: string) {}
    async asString(): Promise<string> {
      return this.value;
    }
  },
}));

const { MemberDrag } = await import('../../../src/extension/views/drag');
type Drag = InstanceType<typeof MemberDrag>;
type Transfer = Parameters<Drag['handleDrag']>[1];
type Node = Parameters<Drag['handleDrag']>[0][number];

const EXPERIMENT = '/w/a.mtl.yaml';
const node = (context: string, target: object) =>
  ({ context, target: { experiment: EXPERIMENT, ...target } }) as unknown as Node;

/** As the editor hands it over between two trees: what the browser carried comes first, and that is empty. */
class TwoTrees {
  private readonly items: [string, { asString(): Promise<string> }][] = [];
  constructor(types: readonly string[]) {
    for (const type of types) this.items.push([type, { asString: async () => '' }]);
  }
  set(type: string, item: { asString(): Promise<string> }): void {
    this.items.push([type, item]);
  }
  get(type: string) {
    return this.items.find(([one]) => one === type)?.[1];
  }
  [Symbol.iterator]() {
    return this.items[Symbol.iterator]();
  }
}

async function dropped(what: readonly Node[], onto: Node | undefined): Promise<readonly unknown[]> {
  const targets: unknown[] = [];
  const drag = new MemberDrag((target) => targets.push(target));
  const data = new TwoTrees(drag.dragMimeTypes) as unknown as Transfer;
  drag.handleDrag(what, data);
  await drag.handleDrop(onto, data);
  return targets;
}

describe('a base model that is dragged', () => {
  const forest = node('model', { model: 'forest' });
  const average = node('ensemble', { ensemble: 'average' });

  it('is added to the ensemble it is dropped on', async () => {
    expect(await dropped([forest], average)).toEqual([
      { experiment: EXPERIMENT, model: 'forest', ensemble: 'average' },
    ]);
  });

  it('goes nowhere else: not on no ensemble, not into another experiment, and nothing but models goes', async () => {
    expect(await dropped([forest], undefined)).toEqual([]);
    expect(await dropped([forest], node('task', { task: 'y' }))).toEqual([]);
    expect(
      await dropped([forest], node('ensemble', { ensemble: 'average', experiment: '/w/b.mtl.yaml' })),
    ).toEqual([]);
    expect(await dropped([node('task', { task: 'y' })], average)).toEqual([]);
  });
});
