import type { Random } from '../../random';
import type { Blueprint } from './blueprint';
import { isLargeProduct, paddedRows } from './kernels';
import { type Member, type MemberPlan, storeMember } from './member';
import { EVALUATE, Squad, type SquadPlan, TRAIN } from './squad';
import { storeTable } from './tables';
import type { Examples } from './training-data';
import type { Workspace } from './workspace';

/** Rows of a forward pass outside training. */
const FORWARD_ROWS = 1024;

/**
 * Members that are trained together: one pass over the batches, each batch fetched (and its dropout drawn) once for all.
 * They agree in everything that decides batches and shapes; λ, learning rate and what else concerns one net alone may
 * differ.
 */
export interface Stack {
  readonly blueprint: Blueprint;
  readonly training: Examples;
  readonly heldOut?: Examples;
  readonly members: readonly MemberPlan[];
  readonly seed: number;
}

/** Tells the programs of a process apart. */
let programs = 0;

/**
 * The members of a stack in memory, and their steps spread over the threads there are: a member's batches are all done
 * by one thread, with the numbers that any other would have found. Members that are too few to go round are stepped one
 * after the other, with the threads sharing the products of each.
 */
export class Spread {
  /** Rows of a batch. */
  readonly batch: number;
  private readonly plan: SquadPlan;
  private readonly squad: Squad;
  private readonly program: readonly number[];
  /** A step has products that are worth sharing. */
  private readonly isLarge: boolean;

  constructor(
    { blueprint, training, heldOut, members, seed }: Stack,
    /** The parameters that a member begins with. */
    initial: (member: MemberPlan) => Float32Array,
    private readonly workspace: Workspace,
  ) {
    const { shape, parameters } = blueprint;
    const { kernels } = workspace;
    this.batch = Math.max(1, Math.min(members[0].parameters.batch_size, training.count));
    this.isLarge = parameters.some(({ rows, columns }) => isLargeProduct(this.batch, rows, columns));
    const table = storeTable(blueprint, training, workspace);
    const heldOutTable = heldOut && storeTable(blueprint, heldOut, workspace);
    const benches: number[] = [];
    this.plan = {
      shape,
      seed,
      members: members.map((member) => ({
        ...member,
        vectors: storeMember(member, initial(member), shape.heads.length, workspace),
      })),
      table,
      ...(heldOutTable && { heldOut: heldOutTable }),
      batch: this.batch,
      forwardRows: paddedRows(Math.min(FORWARD_ROWS, heldOut?.count ?? 0)),
      places: {
        order: workspace.allocate(training.count),
        dropping: workspace.allocate(4),
        dropped: workspace.allocate(4),
        called: workspace.allocate(members.length),
        benches,
      },
    };
    benches.push(workspace.bytes);
    this.squad = new Squad(this.plan, workspace);
    const threads = members.length > 1 ? (kernels.crew?.threads ?? 1) : 1;
    for (let thread = 1; thread < threads; thread++) {
      benches.push(workspace.bytes);
      // Made once here, so that its memory is there and taken; the thread makes its own at the same place.
      new Squad(this.plan, workspace);
    }
    const text = JSON.stringify(this.plan);
    const at = workspace.storeText(text);
    this.program = [++programs, at, text.length, workspace.bytes];
  }

  get members(): readonly Member[] {
    return this.squad.members;
  }

  /** Row numbers of the next epoch. */
  setOrder(order: Int32Array): void {
    this.workspace.kernels.integers.set(order, this.plan.places.order / 4);
  }

  /**
   * Steps the members on the batches of rows start … end of the order.
   * @param steps taken before
   * @param dropping the stream of dropout, which goes on
   */
  train(
    members: readonly Member[],
    epoch: number,
    steps: number,
    start: number,
    end: number,
    dropping: Random,
  ): void {
    const { integers } = this.workspace.kernels;
    const { places } = this.plan;
    integers.set(dropping.save(), places.dropping / 4);
    const apart = this.countApart(members.length);
    this.call(members.slice(0, apart), [TRAIN, epoch, steps, start, end]);
    const rest = members.slice(apart);
    if (rest.length > 0) this.squad.train(this.numbersOf(rest), epoch, steps, start, end);
    dropping.restore(Uint32Array.from(integers.subarray(places.dropped / 4, places.dropped / 4 + 4)));
  }

  /** Leaves each member's losses on the held-out rows in it. */
  evaluate(members: readonly Member[]): void {
    this.call(members, [EVALUATE]);
  }

  /** How many members to give to one thread each; the others are stepped by all threads together. */
  private countApart(members: number): number {
    const threads = this.workspace.kernels.crew?.threads ?? 1;
    const left = members % threads;
    return this.isLarge && left * 2 <= threads ? members - left : members;
  }

  private call(members: readonly Member[], [kind, ...values]: readonly number[]): void {
    if (members.length === 0) return;
    const { kernels } = this.workspace;
    const { program, plan, squad } = this;
    kernels.integers.set(this.numbersOf(members), plan.places.called / 4);
    const parts = Math.min(members.length, kernels.crew?.threads ?? 1);
    const question = [kind, parts, members.length, ...values];
    for (const member of members) member.leave();
    const own = (part: number) => squad.answer(part, question);
    if (kernels.crew) kernels.crew.run(parts, [...program, ...question], own);
    else own(0);
    for (const member of members) member.takeOver();
  }

  private numbersOf(members: readonly Member[]): readonly number[] {
    return members.map((member) => this.members.indexOf(member));
  }
}
