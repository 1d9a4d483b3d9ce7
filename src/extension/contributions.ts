/**
 * What the extension adds to the editor, in one typed place: ids of commands, views, settings and context keys. The
 * manifest made from them is in `manifest.ts`. Imports nothing, so that scripts and tests can load it in plain Node.
 */

export interface CommandContribution {
  readonly title: string;
  readonly icon?: string;
  /** The command runs a process or writes: hidden from the palette and refused in Restricted Mode. */
  readonly runs?: true;
  /** Condition under which the palette offers it, besides trust. */
  readonly when?: string;
}

/** Some experiment has runs. */
const someRuns = 'taskweave.runs';

export const commands = {
  'taskweave.newExperiment': { title: 'New Experiment from a Template', icon: '$(new-file)' },
  'taskweave.newFromTable': { title: 'New Experiment from a Table', icon: '$(table)' },
  'taskweave.run': { title: 'Run Experiment', icon: '$(play)', runs: true },
  'taskweave.queueRun': { title: 'Queue Run', icon: '$(watch)', runs: true },
  'taskweave.stop': { title: 'Stop Run', icon: '$(debug-stop)', runs: true, when: 'taskweave.running' },
  'taskweave.pause': { title: 'Pause Run', icon: '$(debug-pause)', runs: true, when: 'taskweave.running' },
  'taskweave.continue': {
    title: 'Continue Run',
    icon: '$(debug-continue)',
    runs: true,
    when: 'taskweave.running',
  },
  'taskweave.moveUp': {
    title: 'Move Up in Queue',
    icon: '$(arrow-up)',
    runs: true,
    when: 'taskweave.running',
  },
  'taskweave.moveDown': {
    title: 'Move Down in Queue',
    icon: '$(arrow-down)',
    runs: true,
    when: 'taskweave.running',
  },
  'taskweave.resume': { title: 'Resume Run', icon: '$(debug-continue)', runs: true },
  'taskweave.reproduce': { title: 'Reproduce Run', icon: '$(debug-rerun)', runs: true, when: someRuns },
  'taskweave.sweep': { title: 'Sweep λ', icon: '$(graph-scatter)' },
  'taskweave.openMetrics': { title: 'Open Metrics', icon: '$(graph-line)' },
  'taskweave.compare': { title: 'Compare with Baseline', icon: '$(law)' },
  'taskweave.validate': { title: 'Validate Experiment', icon: '$(checklist)', runs: true },
  'taskweave.addToEnsemble': { title: 'Add Model to Ensemble', icon: '$(add)' },
  'taskweave.removeFromEnsemble': { title: 'Remove Model from Ensemble', icon: '$(remove)' },
  'taskweave.search': { title: 'Search Tasks, Models and Runs', icon: '$(search)' },
  'taskweave.compareRuns': { title: 'Compare Runs', icon: '$(diff-multiple)', when: someRuns },
  'taskweave.openReport': { title: 'Open Report', icon: '$(book)', when: someRuns },
  'taskweave.saveReport': { title: 'Save Report', icon: '$(save-as)', runs: true, when: someRuns },
  'taskweave.showRunLog': { title: 'Show Run Log', icon: '$(list-ordered)', when: someRuns },
  'taskweave.starRun': { title: 'Star Run', icon: '$(star-empty)', runs: true, when: someRuns },
  'taskweave.unstarRun': { title: 'Unstar Run', icon: '$(star-full)', runs: true, when: someRuns },
  'taskweave.renameRun': { title: 'Rename Run', icon: '$(edit)', runs: true, when: someRuns },
  'taskweave.tagRun': { title: 'Tag Run', icon: '$(tag)', runs: true, when: someRuns },
  'taskweave.noteRun': { title: 'Add Note to Run', icon: '$(note)', runs: true, when: someRuns },
  'taskweave.deleteRun': { title: 'Delete Run', icon: '$(trash)', runs: true, when: someRuns },
  'taskweave.restoreRun': { title: 'Restore Deleted Run', icon: '$(discard)', runs: true },
  'taskweave.pruneRuns': { title: 'Remove Deleted Runs from Disk', icon: '$(clear-all)', runs: true },
  'taskweave.toggleInline': { title: 'Show or Hide Scores in the Editor', icon: '$(eye)' },
  'taskweave.getStarted': { title: 'Get Started', icon: '$(mortar-board)' },
  'taskweave.showLog': { title: 'Show Log', icon: '$(output)' },
  'taskweave.refresh': { title: 'Refresh', icon: '$(refresh)' },
  'taskweave.openExperiment': { title: 'Show in Experiment File', icon: '$(go-to-file)' },
} as const satisfies Record<string, CommandContribution>;
export type CommandId = keyof typeof commands;

export const views = {
  'taskweave.tasks': { name: 'Tasks' },
  'taskweave.models': { name: 'Base Models' },
  'taskweave.ensembles': { name: 'Ensembles' },
  'taskweave.runs': { name: 'Runs' },
} as const;
export type ViewId = keyof typeof views;

/** A webview in the editor's bottom panel. */
export const glanceView = { id: 'taskweave.glance', name: 'Metrics at a Glance' } as const;

export const contextKeys = {
  /** Number of experiment files found in the workspace. */
  experiments: 'taskweave.experiments',
  /** The search for experiment files has ended once. */
  ready: 'taskweave.ready',
  /** Some run is going. */
  running: 'taskweave.running',
  /** Some experiment has a run that is not deleted. */
  runs: 'taskweave.runs',
} as const;

export const settings = {
  nodePath: 'taskweave.nodePath',
  workers: 'taskweave.workers',
  inlineScores: 'taskweave.editor.inlineScores',
  notifyAfter: 'taskweave.notifyAfter',
} as const;

export const metricsPanelType = 'taskweave.metrics';
export const reportPanelType = 'taskweave.report';
export const statusItemId = 'run';

/** Values of `viewItem` (a tree item's `contextValue`). */
export type ItemContext =
  | 'experiment'
  /** Runs whose experiment file was renamed or deleted. */
  | 'experiment.gone'
  | 'task'
  | 'model'
  | 'model.sweepable'
  | 'baseline'
  | 'ensemble'
  | 'member'
  | 'score'
  /** Tasks under one verdict, or fifty of many. */
  | 'group'
  | 'more'
  | `run.${'going' | 'queued' | 'paused' | 'resumable' | 'over'}${'' | '.starred'}`;

/** Tools that a language model may ask for, with the person's consent. */
export const languageModelTools = {
  validate: 'taskweave_validate',
  sweep: 'taskweave_sweep',
  leaderboard: 'taskweave_leaderboard',
} as const;

/** `type` of our entries in tasks.json. */
export const taskType = 'taskweave';
export const walkthroughId = 'taskweave.firstSweep';
