import type { LitElement, ReactiveController } from 'lit';

/** Keeps the width of an element, in whole pixels, and has it drawn again when that changes; 0 before it is known. */
export class Width implements ReactiveController {
  pixels = 0;
  private readonly observer = new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === this.pixels) return;
    this.pixels = now;
    this.host.requestUpdate();
  });

  constructor(private readonly host: LitElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
  }
}
