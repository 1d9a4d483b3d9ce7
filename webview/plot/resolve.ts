/** Resolves CSS colours, variables and mixes included, as the document has them now. */
export function resolver(host: HTMLElement): (color: string) => string {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const known = new Map<string, string>();
  const resolve = (color: string) => {
    let value = known.get(color);
    if (value === undefined) {
      probe.style.color = color;
      value = getComputedStyle(probe).color;
      known.set(color, value);
    }
    return value;
  };
  // Colours are asked for while a plot is built, at once: the probe is gone by the next frame.
  requestAnimationFrame(() => probe.remove());
  return resolve;
}
