import { CORE_SENTENCES } from './core-sentences';
import { DATA_SENTENCES } from './data-sentences';
import { RUN_SENTENCES } from './run-sentences';
import { YAML_SENTENCES } from './yaml-sentences';

/** Every template of the engine's sentences; loaded where another language than English is spoken. */
export const SENTENCES: readonly string[] = [
  ...CORE_SENTENCES,
  ...DATA_SENTENCES,
  ...RUN_SENTENCES,
  ...YAML_SENTENCES,
];
