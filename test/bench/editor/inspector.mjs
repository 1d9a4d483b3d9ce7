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

/** CPU profile of what happens during `act`, a sample every 0.5 ms. */
export async function profile({ send }, act) {
  await send('Profiler.enable');
  await send('Profiler.setSamplingInterval', { interval: 500 });
  await send('Profiler.start');
  await act();
  const { profile: taken } = await send('Profiler.stop');
  return taken;
}

/**
 * Milliseconds of our own code: the longest stretch at once, and all together. A sample is ours when a function of
 * `dist/extension.js` is anywhere on its stack; a stretch ends with the first sample that is not.
 */
export function ownTime({ nodes, samples, timeDeltas }, file = '/dist/extension.js') {
  const parents = new Map();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id);
  const isOurs = new Map();
  const ours = (id) => {
    if (!isOurs.has(id)) {
      const parent = parents.get(id);
      isOurs.set(id, byId.get(id).callFrame.url.endsWith(file) || (parent !== undefined && ours(parent)));
    }
    return isOurs.get(id);
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
