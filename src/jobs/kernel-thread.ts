/** A thread that takes part in the kernels of one fit; see `teamOf` in tensor-backend.ts. */
import { workerData } from 'node:worker_threads';
import { serveKernels } from '../core/learner/neural/kernels';

serveKernels(workerData);
