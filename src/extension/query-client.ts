/**
 * Asks the query worker, a child process that reads the run store, and hears from it when a store changes.
 * The worker starts with the first question; when it dies it is started again with the next one, and open questions fail.
 */
import { t } from '../protocol/l10n';
import type { Answer, Query } from '../protocol/queries';
import { sentence } from '../protocol/sentences';
import { type Disposable, Signal } from './lifecycle';
import { outsideForms } from './outside';

/** The part of a forked child process that is used. */
export interface QueryChild {
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

export interface StoreChange {
  readonly store: string;
  readonly runs: readonly string[];
}

class QueryError extends Error {
  override readonly name = 'QueryError';
  constructor(
    /** `worker-ended`, `bad-answer`, `disposed`, or the worker's own code. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Queries {
  /** @throws QueryError */
  ask<K extends Query['kind']>(query: Extract<Query, { kind: K }>): Promise<Answer<K>>;
  onChanged(listener: (change: StoreChange) => void): Disposable;
}

interface Open {
  readonly kind: Query['kind'];
  resolve(answer: unknown): void;
  reject(error: QueryError): void;
}

export class QueryClient implements Queries, Disposable {
  private readonly changed = new Signal<StoreChange>();
  readonly onChanged = this.changed.on;
  private readonly open = new Map<number, Open>();
  private child: QueryChild | undefined;
  private next = 1;
  private ended = false;

  constructor(
    private readonly fork: () => QueryChild,
    private readonly log: (line: string) => void,
  ) {}

  ask<K extends Query['kind']>(query: Extract<Query, { kind: K }>): Promise<Answer<K>> {
    if (this.ended) return Promise.reject(new QueryError('disposed', t('The run store is no longer read.')));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.open.set(id, { kind: query.kind, resolve: (answer) => resolve(answer as Answer<K>), reject });
      try {
        this.worker().send({ id, query });
      } catch (error) {
        this.open.delete(id);
        reject(new QueryError('worker-ended', t('The run store cannot be read: {0}', messageOf(error))));
      }
    });
  }

  dispose(): void {
    this.ended = true;
    this.failAll(new QueryError('disposed', t('The run store is no longer read.')));
    this.child?.kill();
    this.child = undefined;
    this.changed.dispose();
  }

  private worker(): QueryChild {
    if (this.child) return this.child;
    const child = this.fork();
    this.child = child;
    child.onMessage((message) => void this.receive(message));
    child.onExit((reason) => {
      if (this.child !== child) return;
      this.child = undefined;
      if (!this.ended) this.log(`The query worker ended: ${reason}`);
      this.failAll(
        new QueryError('worker-ended', t('The process that reads the run store ended: {0}', reason)),
      );
    });
    return child;
  }

  /** Messages are taken in the order they came in, for each waits once for the same thing. */
  private async receive(message: unknown): Promise<void> {
    const { answers, prettifyError, queryReply } = await outsideForms();
    const reply = queryReply.safeParse(message);
    if (!reply.success) {
      this.log(`The query worker sent something unknown: ${prettifyError(reply.error)}`);
      return;
    }
    if (reply.data.kind === 'changed') {
      this.changed.fire({ store: reply.data.store, runs: reply.data.runs });
      return;
    }
    const question = this.open.get(reply.data.id);
    if (!question) return;
    this.open.delete(reply.data.id);
    if (reply.data.kind === 'error') {
      question.reject(new QueryError(reply.data.code, reply.data.message));
      return;
    }
    const answer = answers[question.kind].safeParse(reply.data.answer);
    // What is done with a large answer is not done in the same breath as its check: the host has others to serve.
    if (answer.success) setImmediate(() => question.resolve(answer.data));
    else {
      const text = `The answer to "${question.kind}" is not of the agreed form: ${prettifyError(answer.error)}`;
      this.log(text);
      question.reject(new QueryError('bad-answer', text));
    }
  }

  private failAll(error: QueryError): void {
    const open = [...this.open.values()];
    this.open.clear();
    for (const question of open) question.reject(error);
  }
}

/** What is wrong, in the language of the editor where the engine says it. */
export function messageOf(error: unknown): string {
  return sentence(error instanceof Error ? error.message : String(error));
}
