import { Growable } from '../trees/growable';
import type { Node, Split } from './node';

/** Numbers of a node, and of a tree's places in the arrays of the log. */
const NODE = 4;
const PLACE = 6;
const MISSING_LEFT = 1;
const CATEGORICAL = 2;

/** What was grown, flat: a thread hands it over as it is. */
export interface TreeRecords {
  /** Per tree: its round and kind, and where its nodes, values, gains and sets of categories begin. */
  readonly places: Int32Array;
  /** In preorder, four numbers each: feature (−1: leaf), cut, next (see `Split`), flags. */
  readonly nodes: Int32Array;
  /** Of leaves, an output each. */
  readonly values: Float32Array;
  /** Of splits: decrease of the score, then of each output's loss. */
  readonly gains: Float64Array;
  /** Of splits by categories: cells that go left, cells that the node's rows have, 256 bits each. */
  readonly sets: Uint8Array;
}

/** Writes down trees as they are grown, in whatever order. */
export class TreeLog {
  private readonly places = new Growable((length) => new Int32Array(length));
  private readonly nodes = new Growable((length) => new Int32Array(length));
  private readonly values = new Growable((length) => new Float32Array(length));
  private readonly gains = new Growable((length) => new Float64Array(length));
  private readonly sets = new Growable((length) => new Uint8Array(length));

  add(round: number, kind: number, root: Node): void {
    const { places, nodes, values, gains, sets } = this;
    places.append([round, kind, nodes.length, values.length, gains.length, sets.length]);
    this.addNode(root);
  }

  records(): TreeRecords {
    return {
      places: this.places.toArray(),
      nodes: this.nodes.toArray(),
      values: this.values.toArray(),
      gains: this.gains.toArray(),
      sets: this.sets.toArray(),
    };
  }

  private addNode({ split, left, right, values, gains, missingLeft }: Node): void {
    const { nodes } = this;
    if (split === undefined || left === undefined || right === undefined) {
      nodes.push(-1);
      for (let i = 1; i < NODE; i++) nodes.push(0);
      this.values.append(values ?? []);
      return;
    }
    nodes.push(split.feature);
    nodes.push(split.cut);
    nodes.push(split.next);
    nodes.push((missingLeft ? MISSING_LEFT : 0) | (split.categories ? CATEGORICAL : 0));
    this.gains.append(gains ?? []);
    if (split.categories) this.addSets(split.categories);
    this.addNode(left);
    this.addNode(right);
  }

  private addSets({ left, seen }: NonNullable<Split['categories']>): void {
    for (const cells of [left, seen]) {
      for (let byte = 0; byte < 32; byte++) {
        let bits = 0;
        for (let bit = 0; bit < 8; bit++) bits |= cells[8 * byte + bit] << bit;
        this.sets.push(bits);
      }
    }
  }
}

/** Reads one tree of the records, node by node. */
export class TreeReader {
  feature = -1;
  cut = 0;
  next = 0;
  missingLeft = false;
  categorical = false;
  private node: number;
  private value: number;
  private gain: number;
  private set: number;

  /** @param tree the how manieth of the records; `width`: outputs of its leaves */
  constructor(
    private readonly records: TreeRecords,
    tree: number,
    private readonly width: number,
  ) {
    [this.node, this.value, this.gain, this.set] = records.places.subarray(
      PLACE * tree + 2,
      PLACE * (tree + 1),
    );
  }

  /** Goes on to the next node, in preorder. */
  read(): void {
    const { nodes } = this.records;
    const at = this.node;
    this.feature = nodes[at];
    this.cut = nodes[at + 1];
    this.next = nodes[at + 2];
    this.missingLeft = (nodes[at + 3] & MISSING_LEFT) !== 0;
    this.categorical = (nodes[at + 3] & CATEGORICAL) !== 0;
    this.node += NODE;
  }

  /** Of the leaf that was read. */
  values(): Float32Array {
    const from = this.value;
    this.value += this.width;
    return this.records.values.subarray(from, this.value);
  }

  /** Of the split that was read. */
  gains(): Float64Array {
    const from = this.gain;
    this.gain += 1 + this.width;
    return this.records.gains.subarray(from, this.gain);
  }

  /** Of the split by categories that was read: 256 bits each. */
  categories(): { readonly left: Uint8Array; readonly seen: Uint8Array } {
    const { sets } = this.records;
    const from = this.set;
    this.set += 64;
    return { left: sets.subarray(from, from + 32), seen: sets.subarray(from + 32, from + 64) };
  }
}

/** Number of trees in the records. */
export function countTrees({ places }: TreeRecords): number {
  return places.length / PLACE;
}

export function roundAndKind({ places }: TreeRecords, tree: number): readonly [round: number, kind: number] {
  return [places[PLACE * tree], places[PLACE * tree + 1]];
}
