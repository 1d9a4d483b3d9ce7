// The extension host seen through its inspector: how long our own code held it at a stretch.

/** Connects to a Node process that listens for an inspector on `port`. */
export async function connect(port) {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      const [target] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
      return await session(target.webSocketDebuggerUrl);
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((later) => setTimeout(later, 200));
    }
  }
}

function session(url) {
  const socket = new WebSocket(url);
  const open = new Map();
  let next = 1;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    const waiting = open.get(id);
    open.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  });
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = next++;
      open.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    socket.addEventListener('open', () => resolve({ send, close: () => socket.close() }));
  });
}

/** Begins a CPU profile, a sample every 0.5 ms; what it gives back ends it. To begin one stops the process for a while. */
export async function begin({ send }) {
  await send('Profiler.enable');
  await send('Profiler.setSamplingInterval', { interval: 500 });
  await send('Profiler.start');
  return async () => (await send('Profiler.stop')).profile;
}

/** CPU profile of what happens during `act`. */
export async function profile(inspector, act) {
  const end = await begin(inspector);
  await act();
  return end();
}

/** Our bundles that run in the extension host; the editor's own extensions have files of such names too. */
export const isOurs = (url) =>
  /\/dist\/(extension|file-language|outside-forms|sentence-templates)\.js$/.test(url) &&
  !url.includes('/lib/vscode/extensions/');

/**
 * Milliseconds of our own code: the longest stretch at once, and all together. A sample is ours when a function of our
 * bundles is anywhere on its stack; a stretch ends with the first sample that is not.
 */
export function ownTime({ nodes, samples, timeDeltas }) {
  const parents = new Map();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const known = new Map();
  const ours = (id) => {
    if (!known.has(id)) {
      const parent = parents.get(id);
      known.set(id, isOurs(byId.get(id).callFrame.url) || (parent !== undefined && ours(parent)));
    }
    return known.get(id);
  };
  let longest = 0;
  let total = 0;
  let stretch = 0;
  for (let i = 0; i < samples.length; i++) {
    // A delta is the time since the sample before; it counts for the sample that it ends at.
    const ms = timeDeltas[i] / 1000;
    if (ours(samples[i])) {
      stretch += ms;
      total += ms;
      longest = Math.max(longest, stretch);
    } else stretch = 0;
  }
  return { longest, total };
}

/**
 * How late the event loop comes while something is done, and how much of its worst delay the thread was computing: the
 * rest it waited, for a processor or for a system call. The profile is begun before, and ended after.
 */
export async function delays(inspector, act) {
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await inspector.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const end = await begin(inspector);
  // The stop that the beginning of a profile is, is over.
  await new Promise((later) => setTimeout(later, 1000));
  await evaluate(`(${WATCH})()`);
  await act();
  const worst = JSON.parse(await evaluate('globalThis.taskweaveBench()'));
  return { ...worst, ...ownTime(await end()) };
}

/** Runs in the extension host. */
const WATCH = () => {
  const EVERY = 5;
  const worst = { late: 0, computing: 0 };
  let at = performance.now();
  let cpu = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = performance.now();
    const used = process.threadCpuUsage();
    const late = now - at - EVERY;
    if (late > worst.late) {
      worst.late = late;
      worst.computing = (used.user + used.system - cpu.user - cpu.system) / 1000;
    }
    at = now;
    cpu = used;
  }, EVERY);
  globalThis.taskweaveBench = () => {
    clearInterval(timer);
    return JSON.stringify(worst);
  };
};
