/** The panel's side of the channel to the extension host. */
import * as z from 'zod/mini';
import { hostMessage, type PanelMessage, type PanelState } from '../src/protocol/panel';
import { Received, type WholeMessage } from './received';

interface EditorApi {
  postMessage(message: PanelMessage): void;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): EditorApi;

// Compiled validators need `eval`, which the content security policy forbids.
z.config({ jitless: true });

const api = acquireVsCodeApi();

export function send(message: PanelMessage): void {
  api.postMessage(message);
}

/** Kept by the editor over a reload: identity alone, the host has the rest. */
export function remember(state: PanelState): void {
  api.setState(state);
}

export function listen(receive: (message: WholeMessage) => void): void {
  const received = new Received(send);
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = hostMessage.safeParse(event.data);
    if (!message.success) {
      console.error(`The extension host sent something unknown: ${z.prettifyError(message.error)}`);
      return;
    }
    const whole = received.take(message.data);
    if (whole) receive(whole);
  });
}
