import { describe, expect, it, vi } from 'vitest';
import { type QueryChild, QueryClient } from '../../../src/extension/query-client';
import { detail } from './support';

class FakeChild implements QueryChild {
  readonly sent: { id: number; query: { kind: string } }[] = [];
  killed = false;
  private message: (message: unknown) => void = () => undefined;
  private exit: (reason: string) => void = () => undefined;
  send(message: { id: number; query: { kind: string } }): void {
    this.sent.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.message = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
  }
  reply(message: unknown): void {
    this.message(message);
  }
  end(reason: string): void {
    this.exit(reason);
  }
}

function client() {
  const children: FakeChild[] = [];
  const log: string[] = [];
  const queries = new QueryClient(
    () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    (line) => log.push(line),
  );
  return { queries, children, log };
}

const question = { kind: 'run', store: '/s', run: 'r1' } as const;

describe('the query client', () => {
  it('starts its worker with the first question and pairs answers by id', async () => {
    const { queries, children } = client();
    expect(children).toHaveLength(0);
    const first = queries.ask<'runs'>({ kind: 'runs', stores: [], offset: 0, limit: 1 });
    const second = queries.ask<'run'>(question);
    const [child] = children;
    child.reply({ kind: 'answer', id: child.sent[1].id, answer: detail() });
    child.reply({ kind: 'answer', id: child.sent[0].id, answer: { runs: [], total: 0 } });
    expect((await second).summary.run).toBe('r1');
    expect((await first).total).toBe(0);
    expect(children).toHaveLength(1);
  });

  it('refuses an answer that is not of the agreed form', async () => {
    const { queries, children, log } = client();
    const asked = queries.ask<'run'>(question);
    children[0].reply({ kind: 'answer', id: children[0].sent[0].id, answer: { summary: 7 } });
    await expect(asked).rejects.toMatchObject({ code: 'bad-answer' });
    expect(log).toHaveLength(1);
  });

  it('passes on errors of the worker with their code', async () => {
    const { queries, children } = client();
    const asked = queries.ask<'run'>(question);
    children[0].reply({
      kind: 'error',
      id: children[0].sent[0].id,
      code: 'no-such-run',
      message: 'There is no run r1.',
    });
    await expect(asked).rejects.toMatchObject({ code: 'no-such-run', message: 'There is no run r1.' });
  });

  it('fails open questions when the worker dies, and starts another with the next question', async () => {
    const { queries, children } = client();
    const asked = queries.ask<'run'>(question);
    children[0].end('SIGKILL');
    await expect(asked).rejects.toMatchObject({ code: 'worker-ended' });
    const again = queries.ask<'run'>(question);
    expect(children).toHaveLength(2);
    children[1].reply({ kind: 'answer', id: children[1].sent[0].id, answer: detail() });
    expect((await again).summary.name).toBe('penguins');
  });

  it('tells of changed stores, and ignores what it does not know', async () => {
    const { queries, children, log } = client();
    void queries.ask<'run'>(question).catch(() => undefined);
    const heard: unknown[] = [];
    queries.onChanged((change) => heard.push(change));
    children[0].reply({ kind: 'changed', store: '/s', runs: ['r1'] });
    children[0].reply({ kind: 'surprise' });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard).toEqual([{ store: '/s', runs: ['r1'] }]);
    await vi.waitFor(() => expect(log).toHaveLength(1));
    queries.dispose();
    expect(children[0].killed).toBe(true);
  });
});
