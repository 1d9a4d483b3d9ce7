import type { TrialSpec } from '../../core/experiment';
import { runBag } from './bag';
import { runChain } from './chain';
import type { TrialContext } from './context';
import { runEnsemble } from './ensemble';
import { runFit } from './fit';
import { runRefit } from './refit';
import { runReport } from './report';
import { runSearch } from './search';
import { runSelect } from './select';
import { runTransfer } from './transfer';

export { findCheckpoint, TrialCheckpoints } from './checkpoints';
export { type TrialContext, TrialError } from './context';

/** Does the work of one trial; what it finds goes to its events and files. */
export function runTrial(spec: TrialSpec, context: TrialContext): Promise<void> {
  switch (spec.kind) {
    case 'fit':
      return runFit(spec, context);
    case 'search':
      return runSearch(spec, context);
    case 'select':
      return runSelect(spec, context);
    case 'refit':
      return runRefit(spec, context);
    case 'bag':
      return runBag(spec, context);
    case 'chain':
      return runChain(spec, context);
    case 'ensemble':
      return runEnsemble(spec, context);
    case 'transfer':
      return runTransfer(spec, context);
    case 'report':
      return runReport(spec, context);
  }
}
