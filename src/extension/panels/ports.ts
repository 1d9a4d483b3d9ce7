import type { HostMessage, SweepSpec } from '../../protocol/panel';
import type { RunSummary } from '../../protocol/runs';
import type { Extension, SweepForecast } from '../launcher';
import type { Outline } from '../outline';
import type { Queries } from '../query-client';

/** What a panel's session needs of the editor and of the processes. */
export interface SessionPorts {
  readonly queries: Queries;
  post(message: HostMessage): void;
  outline(experiment: string): Outline | undefined;
  /** Newest first. */
  runs(experiment: string): readonly RunSummary[];
  trusted(): boolean;
  /** Starts a run of the experiment and gives back its id. */
  run(experiment: string): Promise<string>;
  sweep(experiment: string, sweep: SweepSpec): Promise<string>;
  forecast(experiment: string, sweep: SweepSpec): Promise<SweepForecast>;
  /** Puts the sweep into the file, as an edit that can be undone. */
  writeSweep(experiment: string, sweep: SweepSpec): Promise<void>;
  pause(experiment: string, run: string): Promise<void>;
  continue(experiment: string, run: string): Promise<void>;
  extend(experiment: string, extension: Extension): Promise<string>;
  stop(experiment: string, run: string): Promise<void>;
  resume(experiment: string, run: string): Promise<string>;
  openExperiment(experiment: string): Promise<void>;
  /** Asks where to, and gives back the path; undefined: the person would rather not. */
  save(experiment: string, name: string, content: Uint8Array): Promise<string | undefined>;
  copy(text: string): Promise<void>;
  /** The whole metrics panel, of a compact twin. */
  openPanel(experiment: string): void;
  log(line: string): void;
}
