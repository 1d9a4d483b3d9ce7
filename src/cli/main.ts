#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { compileCacheFolder } from '../store/cache-folder';
import { ensureNode } from './node-version';

// `taskweave leaderboard | head`: a reader that has seen enough is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

/** The rest is loaded only on a Node that has what it needs (`node:sqlite`). */
if (ensureNode()) {
  enableCompileCache(compileCacheFolder());
  import('./program')
    .then(({ runProgram }) => runProgram(process.argv))
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 70;
    });
}
