/** Where commands are offered: palette, view titles, items, editor, explorer, keys. */
import { type CommandContribution, type CommandId, commands, type ViewId } from './contributions';
import { entriesOf } from './entries';

const experimentFile = 'resourceFilename =~ /\\.mtl\\.(ya?ml|json)$/';
const tableFile = 'resourceExtname =~ /^\\.(csv|tsv|parquet|pq|arrow|feather|ipc|arrows|jsonl|ndjson)$/';
/** An experiment file, its metrics or one of our views has the focus. */
const ours = `(${experimentFile} || activeWebviewPanelId == 'taskweave.metrics' || focusedView =~ /^taskweave\\./)`;

/** The metrics panel has the focus, and there is a run to speak of. */
const metricsFocused = "activeWebviewPanelId == 'taskweave.metrics' && taskweave.runs";

interface MenuItem {
  readonly command: CommandId;
  readonly when: string;
  readonly group?: string;
}

function item(command: CommandId, context: string, group: string): MenuItem {
  return { command, when: `view =~ /^taskweave\\./ && viewItem =~ /^(${context})$/`, group };
}

/** Items that have something to show in the panel. */
const everything =
  'experiment|experiment\\.gone|task|group|score|model|model\\.sweepable|baseline|ensemble|member|run\\..*';
const anyRun = 'run\\..*';
const inFile = 'experiment|task|model|model\\.sweepable|ensemble|member';

const palette = entriesOf<CommandId, CommandContribution>(commands).flatMap(
  ([command, { when }]): MenuItem[] => (when ? [{ command, when }] : []),
);

export const menus: Readonly<Record<string, readonly MenuItem[]>> = {
  commandPalette: palette,
  'view/title': [
    { command: 'taskweave.newExperiment', when: 'view == taskweave.tasks', group: 'navigation@1' },
    { command: 'taskweave.newFromTable', when: 'view == taskweave.tasks', group: '1_view@0' },
    { command: 'taskweave.run', when: 'view == taskweave.runs', group: 'navigation@1' },
    { command: 'taskweave.sweep', when: 'view == taskweave.models', group: 'navigation@1' },
    { command: 'taskweave.compare', when: 'view == taskweave.ensembles', group: 'navigation@1' },
    { command: 'taskweave.search', when: 'view =~ /^taskweave\\./', group: 'navigation@8' },
    { command: 'taskweave.refresh', when: 'view =~ /^taskweave\\./', group: '1_view@1' },
    { command: 'taskweave.restoreRun', when: 'view == taskweave.runs', group: '2_deleted@1' },
    { command: 'taskweave.pruneRuns', when: 'view == taskweave.runs', group: '2_deleted@2' },
    { command: 'taskweave.getStarted', when: 'view =~ /^taskweave\\./', group: '8_help@1' },
    { command: 'taskweave.showLog', when: 'view =~ /^taskweave\\./', group: '9_log' },
  ],
  'view/item/context': [
    item('taskweave.run', 'experiment', 'inline@1'),
    item('taskweave.sweep', 'model\\.sweepable', 'inline@2'),
    item('taskweave.stop', 'run\\.(going|queued|paused).*', 'inline@1'),
    item('taskweave.pause', 'run\\.(going|queued).*', 'inline@0'),
    item('taskweave.continue', 'run\\.paused.*', 'inline@0'),
    item('taskweave.resume', 'run\\.resumable.*', 'inline@1'),
    item('taskweave.starRun', 'run\\.[a-z]+', 'inline@2'),
    item('taskweave.unstarRun', 'run\\.[a-z]+\\.starred', 'inline@2'),
    item('taskweave.removeFromEnsemble', 'member', 'inline@1'),
    item('taskweave.openMetrics', everything, 'inline@3'),
    item('taskweave.openMetrics', everything, '1_look@1'),
    item('taskweave.compare', `experiment|model|model\\.sweepable|ensemble|${anyRun}`, '1_look@2'),
    item('taskweave.compareRuns', anyRun, '1_look@3'),
    item('taskweave.openExperiment', `${inFile}|${anyRun}`, '1_look@3'),
    item('taskweave.openReport', 'run\\.over.*', '1_look@4'),
    item('taskweave.showRunLog', anyRun, '1_look@5'),
    item('taskweave.run', 'experiment|task|model|model\\.sweepable|ensemble', '2_run@1'),
    item('taskweave.queueRun', 'experiment|task|model|model\\.sweepable|ensemble', '2_run@2'),
    item('taskweave.sweep', 'experiment|model\\.sweepable', '2_run@2'),
    item('taskweave.stop', 'run\\.(going|queued|paused).*', '2_run@3'),
    item('taskweave.pause', 'run\\.(going|queued).*', '2_run@2'),
    item('taskweave.continue', 'run\\.paused.*', '2_run@2'),
    item('taskweave.moveUp', 'run\\.queued.*', '2_run@4'),
    item('taskweave.moveDown', 'run\\.queued.*', '2_run@5'),
    item('taskweave.resume', 'run\\.resumable.*', '2_run@4'),
    item('taskweave.reproduce', 'run\\.(over|resumable).*', '2_run@5'),
    item('taskweave.validate', 'experiment', '2_run@6'),
    item('taskweave.addToEnsemble', 'model|model\\.sweepable|ensemble', '3_edit@1'),
    item('taskweave.removeFromEnsemble', 'member', '3_edit@2'),
    item('taskweave.starRun', 'run\\.[a-z]+', '4_mark@1'),
    item('taskweave.unstarRun', 'run\\.[a-z]+\\.starred', '4_mark@1'),
    item('taskweave.renameRun', anyRun, '4_mark@2'),
    item('taskweave.tagRun', anyRun, '4_mark@3'),
    item('taskweave.noteRun', anyRun, '4_mark@4'),
    item('taskweave.deleteRun', 'run\\.(over|resumable).*', '5_delete@1'),
  ],
  'editor/title': [
    { command: 'taskweave.openReport', when: metricsFocused, group: 'navigation@1' },
    { command: 'taskweave.showRunLog', when: metricsFocused, group: 'navigation@2' },
    { command: 'taskweave.openMetrics', when: experimentFile, group: 'navigation@2' },
    { command: 'taskweave.run', when: experimentFile, group: 'navigation@1' },
    {
      command: 'taskweave.saveReport',
      when: "activeWebviewPanelId == 'taskweave.report'",
      group: 'navigation@1',
    },
    { command: 'taskweave.toggleInline', when: experimentFile, group: '8_taskweave@1' },
  ],
  'explorer/context': [
    { command: 'taskweave.run', when: experimentFile, group: '2_workspace@1' },
    { command: 'taskweave.openMetrics', when: experimentFile, group: '2_workspace@2' },
    { command: 'taskweave.newFromTable', when: tableFile, group: '2_workspace@3' },
  ],
};

interface Keybinding {
  readonly command: CommandId;
  readonly key: string;
  readonly mac?: string;
  readonly when: string;
  /** What is selected in a view is what the command is about. */
  readonly args?: { readonly selected: ViewId };
}

const runsFocused = "focusedView == 'taskweave.runs' && listFocus && !inputFocus";

export const keybindings: readonly Keybinding[] = [
  { command: 'taskweave.run', key: 'ctrl+k alt+r', mac: 'cmd+k alt+r', when: ours },
  { command: 'taskweave.sweep', key: 'ctrl+k alt+s', mac: 'cmd+k alt+s', when: ours },
  { command: 'taskweave.openMetrics', key: 'ctrl+k alt+m', mac: 'cmd+k alt+m', when: ours },
  { command: 'taskweave.search', key: 'ctrl+k alt+f', mac: 'cmd+k alt+f', when: ours },
  { command: 'taskweave.renameRun', key: 'f2', when: runsFocused, args: { selected: 'taskweave.runs' } },
  {
    command: 'taskweave.deleteRun',
    key: 'delete',
    mac: 'cmd+backspace',
    when: runsFocused,
    args: { selected: 'taskweave.runs' },
  },
];
