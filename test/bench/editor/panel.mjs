// The metrics panel under size, in the real VS Code: first paint, scrolling of 5,000 rows × 300 columns, 200 curves of
// 100,000 points from a warm pyramid. Data are made, not trained: what is measured is reading and drawing.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CURVES = 200;
const POINTS = 100_000;
const DRAWN = 800;
const ROWS = 5000;
const COLUMNS = 300;
const FRAMES = 200;
const OPENED = 5;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(p * values.length))];

/** 200 losses of one fit over 100,000 steps, written as a worker writes them, read as the query worker reads them. */
export function pyramid({ StepWriter, StepFile }) {
  const folder = mkdtempSync(join(tmpdir(), 'tw-bench-'));
  try {
    const path = join(folder, '0.steps');
    const writer = new StepWriter(path);
    const taskLosses = new Array(CURVES);
    for (let step = 0; step < POINTS; step++) {
      for (let t = 0; t < CURVES; t++)
        taskLosses[t] = 1 / (1 + step / 5000) + ((step * (t + 7)) % 101) / 1000;
      writer.append({ configuration: 0, step, taskLosses });
    }
    writer.close();
    const file = new StepFile(path);
    file.refresh();
    const columns = Array.from({ length: CURVES }, (_, c) => c);
    const times = [];
    let read;
    for (let round = 0; round < 9; round++) {
      const begun = performance.now();
      file.refresh();
      read = file.read(0, columns, DRAWN);
      times.push(performance.now() - begun);
    }
    return {
      read: median(times),
      megabytes: statSync(path).size / 1e6,
      steps: read.steps,
      low: read.low,
      high: read.high,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the panel's own script and layout take, in its frame. */
export async function drawing(vscode, { steps, low, high }) {
  await vscode.page.getByRole('tab', { name: 'Taskweave' }).first().waitFor({ timeout: 120_000 });
  await vscode.openFile('tiny.mtl.yaml');
  await vscode.page.locator('.codelens-decoration a').first().waitFor({ timeout: 120_000 });
  await vscode.command('Taskweave: Run Experiment');
  await vscode.showContainer('Taskweave');
  await vscode.tree('Runs').filter({ hasText: 'best' }).first().waitFor({ timeout: 120_000 });
  const opened = [];
  let frame;
  for (let round = 0; round < OPENED; round++) {
    await vscode.command('View: Close All Editors');
    await vscode.openFile('tiny.mtl.yaml');
    await vscode.command('Taskweave: Open Metrics');
    frame = await vscode.webview('Metrics: tiny');
    await frame.locator('#board .grid-row').first().waitFor({ timeout: 120_000 });
    opened.push(
      await frame.evaluate(
        () =>
          new Promise((tell) => {
            const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
            new PerformanceObserver((list) =>
              tell({ paint, stands: list.getEntries().at(-1).startTime }),
            ).observe({ type: 'largest-contentful-paint', buffered: true });
          }),
      ),
    );
  }
  const run = await frame.evaluate(
    () => document.querySelector('taskweave-panel').overview.detail.summary.run,
  );
  return {
    opened: OPENED,
    paint: median(opened.map(({ paint }) => paint)),
    stands: median(opened.map(({ stands }) => stands)),
    ...(await scrolling(frame, run)),
    ...(await curves(frame, run, { steps, low, high })),
    arrive: await arrival(frame, run, { steps, low, high }),
  };
}

async function scrolling(frame, run) {
  await frame.getByRole('tab', { name: 'Fits', exact: true }).click();
  await frame.getByRole('grid', { name: 'Fits' }).waitFor();
  const times = await frame.evaluate(
    async ({ run: of, rows, columns, frames }) => {
      const metrics = Array.from({ length: columns }, (_, c) => ({
        id: `m${c}`,
        label: `metric ${c}`,
        kind: 'number',
        role: 'score',
      }));
      const identity = ['model', 'scope', 'fold', 'configuration'].map((id) => ({
        id,
        label: id,
        kind: id === 'model' || id === 'scope' ? 'text' : 'number',
        role: 'identity',
      }));
      const table = {
        columns: [...identity, ...metrics],
        rows: Array.from({ length: rows }, (_, r) => [
          'net',
          'joint',
          r % 5,
          r,
          ...metrics.map((_one, c) => Math.sin(r * c)),
        ]),
        total: rows,
      };
      const panel = document.querySelector('taskweave-panel');
      panel.trials = { kind: 'trials', run: of, table };
      await panel.updateComplete;
      const element = document.querySelector('taskweave-grid');
      await element.updateComplete;
      const grid = element.querySelector('.grid');
      await new Promise((next) => setTimeout(next, 500));
      const taken = [];
      for (let i = 0; i < frames; i++) {
        const begun = performance.now();
        grid.scrollTop += 130;
        grid.scrollLeft += i % 2 === 0 ? 70 : -40;
        grid.dispatchEvent(new Event('scroll'));
        await element.updateComplete;
        grid.getBoundingClientRect();
        taken.push(performance.now() - begun);
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
      }
      return taken;
    },
    { run, rows: ROWS, columns: COLUMNS, frames: FRAMES },
  );
  return { scroll: percentile(times, 0.95), scrollMedian: median(times) };
}

/** All lines in one plot: drawn anew, then with one more point each. */
async function curves(frame, run, { steps, low, high }) {
  await frame.getByRole('tab', { name: 'Curves', exact: true }).click();
  return frame.evaluate(
    async ({ of, at, lows, highs }) => {
      const x = at.flatMap((step) => [step, step + 1]);
      const series = lows.map((list, c) => ({
        key: `c${c}`,
        label: `task ${c}`,
        color: c % 12,
        x,
        y: list.flatMap((value, i) => [value, highs[c][i]]),
      }));
      const plot = document.createElement('taskweave-plot');
      plot.height = 400;
      document.querySelector('main').append(plot);
      const spec = (lines) => ({
        key: 'all',
        title: 'All',
        xLabel: 'step',
        yLabel: 'loss',
        series: lines,
        summary: of,
      });
      const draw = async (lines) => {
        const begun = performance.now();
        plot.spec = spec(lines);
        await plot.updateComplete;
        // The axes are drawn in the next microtask; reading a pixel waits for a canvas.
        await Promise.resolve();
        for (const canvas of plot.querySelectorAll('canvas'))
          if (canvas.width > 0) canvas.getContext('2d').getImageData(0, 0, 1, 1);
        return performance.now() - begun;
      };
      const first = await draw(series);
      const grown = [];
      const longer = [...x];
      let lines = series;
      for (let i = 0; i < 7; i++) {
        longer.push(longer[longer.length - 1] + 1);
        const shared = [...longer];
        lines = lines.map((line) => ({ ...line, x: shared, y: [...line.y, 0.5] }));
        grown.push(await draw(lines));
      }
      plot.remove();
      grown.sort((a, b) => a - b);
      return { draw: first, append: grown[3] };
    },
    { of: run, at: [...steps], lows: low.map((list) => [...list]), highs: high.map((list) => [...list]) },
  );
}

/** A point a curve more, from the host's message to its pixels: checked, applied to what is there, drawn. */
function arrival(frame, run, { steps, low, high }) {
  return frame.evaluate(
    async ({ of, at, lows, highs }) => {
      const panel = document.querySelector('taskweave-panel');
      const x = at.flatMap((step) => [step, step + 1]);
      const [task] = panel.overview.detail.tasks.map(({ id }) => id);
      const [model] = panel.overview.detail.models.map(({ name }) => name);
      const curve = {
        run: of,
        model,
        scope: 'joint',
        configuration: 0,
        lambda: 0.1,
        task,
        quantity: 'taskLoss',
      };
      const all = lows.map((list, c) => ({
        ...curve,
        trial: `t${c}`,
        fold: c,
        steps: x,
        values: list.flatMap((value, i) => [value, highs[c][i]]),
        total: 100_000,
      }));
      const drawn = async (data) => {
        const begun = performance.now();
        window.dispatchEvent(new MessageEvent('message', { data }));
        await panel.updateComplete;
        await document.querySelector('taskweave-curves-view').updateComplete;
        const plot = document.querySelector('taskweave-curves-view taskweave-plot');
        await plot.updateComplete;
        await Promise.resolve();
        for (const canvas of plot.querySelectorAll('canvas'))
          if (canvas.width > 0) canvas.getContext('2d').getImageData(0, 0, 1, 1);
        return performance.now() - begun;
      };
      // A generation that the host itself does not reach.
      const generation = 1_000_000;
      await drawn({
        ...{ kind: 'curves', generation, run: of, model, scope: 'joint', scopes: ['joint'] },
        ...{ configurations: [], configuration: 0, task: null, range: null, beside: [] },
        ...{ curves: all, distributions: [] },
      });
      const times = [];
      for (let sequence = 1; sequence <= 9; sequence++) {
        const grown = all.map((one) => ({
          key: JSON.stringify([of, model, 'joint', one.trial, 0, task, 'taskLoss']),
          keep: x.length + sequence - 1,
          steps: [x[x.length - 1] + sequence],
          values: [0.1],
          total: 100_000 + sequence,
        }));
        times.push(
          await drawn({ kind: 'curvesDelta', generation, sequence, grown, added: [], distributions: null }),
        );
        await new Promise((next) => setTimeout(next, 100));
      }
      return times.toSorted((a, b) => a - b)[4];
    },
    { of: run, at: [...steps], lows: low.map((list) => [...list]), highs: high.map((list) => [...list]) },
  );
}

export const sizes = { CURVES, POINTS, ROWS, COLUMNS };
