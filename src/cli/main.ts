#!/usr/bin/env node
import { ensureNode } from './node-version';

/** The rest is loaded only on a Node that has what it needs (`node:sqlite`). */
if (ensureNode()) {
  import('./program')
    .then(({ runProgram }) => runProgram(process.argv))
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 70;
    });
}
