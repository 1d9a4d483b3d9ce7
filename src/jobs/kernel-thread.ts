/** A thread that takes part in the kernels of one fit; see `teamOf` in tensor-backend.ts. */
import { workerData } from 'node:worker_threads';
import { serveSeat } from '../core/learner/neural';

serveSeat(workerData);
