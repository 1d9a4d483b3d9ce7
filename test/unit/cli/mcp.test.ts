import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, describe, expect, it } from 'vitest';
import { Allowance, grantedFile } from '../../../src/cli/mcp/grant';
import { createServer } from '../../../src/cli/mcp/server';
import { templates } from '../../../src/core/experiment';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tw-mcp-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'inside'));
for (const [name, text] of Object.entries(templates[0].files))
  writeFileSync(join(folder, 'inside', name), text);
writeFileSync(join(folder, 'outside.mtl.yaml'), 'data: {}\n');
const experiment = 'related-tasks.mtl.yaml';

async function client(cpuSeconds = 0) {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await createServer({ folder: join(folder, 'inside'), cpuSeconds }).connect(theirs);
  const asked = new Client({ name: 'test', version: '1' });
  await asked.connect(ours);
  return async (name: string, args: Record<string, unknown>) => {
    const { content, isError } = await asked.callTool({ name, arguments: args });
    const text = String((content as { text: string }[])[0].text);
    return { text, isError: isError === true, tools: await asked.listTools() };
  };
}

describe('an assistant', () => {
  it('is told what it can do, with schemas, and what only reads', async () => {
    const call = await client();
    const { tools } = await call('list_runs', { path: experiment });
    expect(tools.tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['list_experiments', true],
      ['validate_experiment', true],
      ['launch_sweep', false],
      ['list_runs', true],
      ['read_leaderboard', true],
    ]);
  });

  it('finds the experiments of its folder and what they name, links not followed', async () => {
    const call = await client();
    symlinkSync(join(folder, 'outside.mtl.yaml'), join(folder, 'inside', 'a-link.mtl.yaml'));
    const { experiments } = JSON.parse((await call('list_experiments', {})).text);
    expect(experiments).toEqual([
      { path: experiment, tasks: ['first', 'second'], models: ['narrow', 'broad'], ensembles: ['both'] },
    ]);
  });

  it('validates an experiment against its data, with places and remedies', async () => {
    const call = await client();
    expect(JSON.parse((await call('validate_experiment', { path: experiment })).text)).toEqual({
      valid: true,
      diagnostics: [],
      tasks: [
        { id: 'first', type: 'binary', target: 'first', labelled: 1000 },
        { id: 'second', type: 'binary', target: 'second', labelled: 1000 },
      ],
    });
    writeFileSync(
      join(folder, 'inside', 'wrong.mtl.yaml'),
      'data: { source: related-tasks.csv }\ntasks: { first: { target: frist } }\nmodels: { m: { kind: forest } }\n',
    );
    const found = JSON.parse((await call('validate_experiment', { path: 'wrong.mtl.yaml' })).text);
    expect(found).toMatchObject({ valid: false, diagnostics: [{ line: 2, replacement: 'first' }] });
  });

  it('reads an experiment that has not run', async () => {
    const call = await client();
    expect(JSON.parse((await call('list_runs', { path: experiment })).text)).toEqual({ runs: [] });
    expect(JSON.parse((await call('read_leaderboard', { path: experiment })).text)).toEqual({
      status: 'no runs yet',
    });
  });

  it('launches nothing without a grant, nor beyond one', async () => {
    const sweep = { path: experiment, model: 'narrow', max_fits: 10, cpu_seconds: 60 };
    const none = await (await client())('launch_sweep', sweep);
    expect(none).toMatchObject({ isError: true });
    expect(none.text).toMatch(/not granted.*--allow-cpu-seconds/);
    const little = await (await client(30))('launch_sweep', sweep);
    expect(little.text).toMatch(/60 CPU seconds were asked for, and 30/);
    const unbounded = await (await client(30))('launch_sweep', { ...sweep, cpu_seconds: undefined });
    expect(unbounded.isError).toBe(true);
  });
});

describe('the grant', () => {
  const grant = { folder: join(folder, 'inside'), cpuSeconds: 100 };

  it('is for experiment files of one folder, links followed', () => {
    symlinkSync(join(folder, 'outside.mtl.yaml'), join(folder, 'inside', 'link.mtl.yaml'));
    expect(grantedFile(grant, experiment)).toBe(join(folder, 'inside', experiment));
    expect(() => grantedFile(grant, '../outside.mtl.yaml')).toThrow(/outside/);
    // Nor is it told what there is beside the folder.
    expect(() => grantedFile(grant, '../gone.mtl.yaml')).toThrow(/is outside/);
    expect(() => grantedFile(grant, 'link.mtl.yaml')).toThrow(/outside/);
    expect(() => grantedFile(grant, 'related-tasks.csv')).toThrow(/not an experiment/);
    expect(() => grantedFile(grant, 'gone.mtl.yaml')).toThrow(/does not exist/);
  });

  it('is used up by what was handed out', () => {
    const allowance = new Allowance(grant);
    allowance.take(60);
    expect(() => allowance.take(60)).toThrow(/40 of the grant are left/);
    allowance.take(40);
    expect(() => allowance.take(1)).toThrow(/not granted/);
    allowance.giveBack(40);
    allowance.take(1);
  });
});
