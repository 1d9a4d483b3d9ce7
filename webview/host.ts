/** The panel's side of the channel to the extension host. */
import * as z from 'zod/mini';
import { type HostMessage, hostMessage, type PanelMessage, type PanelState } from '../src/protocol/panel';

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

export function listen(receive: (message: HostMessage) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = hostMessage.safeParse(event.data);
    if (message.success) receive(message.data);
    else console.error(`The extension host sent something unknown: ${z.prettifyError(message.error)}`);
  });
}
