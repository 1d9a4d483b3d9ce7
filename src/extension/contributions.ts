/**
 * What the extension adds to the editor, in one typed place: ids of commands, views, settings and context keys, and the
 * manifest parts made from them (`test/tools/contributes.mjs` writes them into package.json; a test compares).
 * Imports nothing, so that the script and the tests can load it in plain Node.
 */

interface CommandContribution {
  readonly title: string;
  readonly icon?: string;
  /** The command runs a process: hidden from the palette and refused in Restricted Mode. */
  readonly runs?: true;
  /** Condition under which the palette offers it, besides trust. */
  readonly when?: string;
}

export const commands = {
  'taskweave.newExperiment': { title: 'New Experiment from a Template', icon: '$(new-file)' },
  'taskweave.run': { title: 'Run Experiment', icon: '$(play)', runs: true },
  'taskweave.stop': { title: 'Stop Run', icon: '$(debug-stop)', runs: true, when: 'taskweave.running' },
  'taskweave.resume': { title: 'Resume Run', icon: '$(debug-continue)', runs: true },
  'taskweave.sweep': { title: 'Sweep λ', icon: '$(graph-scatter)' },
  'taskweave.openMetrics': { title: 'Open Metrics', icon: '$(graph-line)' },
  'taskweave.compare': { title: 'Compare with Baseline', icon: '$(law)' },
  'taskweave.validate': { title: 'Validate Experiment', icon: '$(checklist)', runs: true },
  'taskweave.showLog': { title: 'Show Log', icon: '$(output)' },
  'taskweave.refresh': { title: 'Refresh', icon: '$(refresh)' },
  'taskweave.openExperiment': { title: 'Open Experiment File', icon: '$(go-to-file)' },
} as const satisfies Record<string, CommandContribution>;
export type CommandId = keyof typeof commands;

export const views = {
  'taskweave.tasks': { name: 'Tasks' },
  'taskweave.models': { name: 'Base Models' },
  'taskweave.ensembles': { name: 'Ensembles' },
  'taskweave.runs': { name: 'Runs' },
} as const;
export type ViewId = keyof typeof views;

export const contextKeys = {
  /** Number of experiment files found in the workspace. */
  experiments: 'taskweave.experiments',
  /** The search for experiment files has ended once. */
  ready: 'taskweave.ready',
  /** Some run is going. */
  running: 'taskweave.running',
} as const;

export const settings = {
  nodePath: 'taskweave.nodePath',
  workers: 'taskweave.workers',
} as const;

export const metricsPanelType = 'taskweave.metrics';
export const statusItemId = 'run';

/** Values of `viewItem` (a tree item's `contextValue`). */
export type ItemContext =
  | 'experiment'
  | 'task'
  | 'model'
  | 'model.sweepable'
  | 'baseline'
  | 'ensemble'
  | 'member'
  | 'score'
  | 'run.going'
  | 'run.resumable'
  | 'run.over';

const experimentFile = 'resourceFilename =~ /\\.mtl\\.(ya?ml|json)$/';

/** `activationEvents` of package.json. */
export const activationEvents = [
  'workspaceContains:**/*.mtl.yaml',
  'workspaceContains:**/*.mtl.yml',
  'workspaceContains:**/*.mtl.json',
  `onWebviewPanel:${metricsPanelType}`,
];

export const capabilities = {
  untrustedWorkspaces: {
    supported: 'limited',
    description:
      'In Restricted Mode experiments and finished runs can be read. Nothing is trained, validated against data or stopped until the workspace is trusted.',
    restrictedConfigurations: [settings.nodePath],
  },
  virtualWorkspaces: {
    supported: 'limited',
    description: 'Experiment files can be read. Runs need the data on a real file system.',
  },
};

function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

function item(command: CommandId, context: string, group: string) {
  return { command, when: `view =~ /^taskweave\\./ && viewItem =~ /^(${context})$/`, group };
}

/** Items that stand for a thing of the experiment or a run, not for one of their details. */
const everything = 'experiment|task|model|model\\.sweepable|ensemble|run\\..*';

/** `contributes` of package.json. */
export function contributes() {
  return {
    viewsContainers: {
      activitybar: [{ id: 'taskweave', title: 'Taskweave', icon: 'media/taskweave.svg' }],
    },
    views: {
      taskweave: entries(views).map(([id, view]) => ({
        id,
        name: view.name,
        icon: 'media/taskweave.svg',
        contextualTitle: 'Taskweave',
      })),
    },
    viewsWelcome: welcome(),
    commands: entries<CommandId, CommandContribution>(commands).map(([command, c]) => ({
      command,
      title: c.title,
      category: 'Taskweave',
      ...(c.icon ? { icon: c.icon } : {}),
      ...(c.runs ? { enablement: 'isWorkspaceTrusted' } : {}),
    })),
    menus: {
      commandPalette: [
        { command: 'taskweave.openExperiment', when: 'false' },
        ...entries<CommandId, CommandContribution>(commands).flatMap(([command, c]) =>
          c.when ? [{ command, when: c.when }] : [],
        ),
      ],
      'view/title': [
        { command: 'taskweave.newExperiment', when: 'view == taskweave.tasks', group: 'navigation@1' },
        { command: 'taskweave.run', when: 'view == taskweave.runs', group: 'navigation@1' },
        { command: 'taskweave.sweep', when: 'view == taskweave.models', group: 'navigation@1' },
        { command: 'taskweave.compare', when: 'view == taskweave.ensembles', group: 'navigation@1' },
        { command: 'taskweave.refresh', when: 'view =~ /^taskweave\\./', group: 'navigation@9' },
        { command: 'taskweave.showLog', when: 'view =~ /^taskweave\\./', group: '9_log' },
      ],
      'view/item/context': [
        item('taskweave.run', 'experiment', 'inline@1'),
        item('taskweave.sweep', 'model\\.sweepable', 'inline@2'),
        item('taskweave.openMetrics', everything, 'inline@3'),
        item('taskweave.stop', 'run\\.going', 'inline@1'),
        item('taskweave.resume', 'run\\.resumable', 'inline@1'),
        item('taskweave.openMetrics', everything, '1_look@1'),
        item('taskweave.compare', 'experiment|model|model\\.sweepable|ensemble|run\\..*', '1_look@2'),
        item('taskweave.openExperiment', everything, '1_look@3'),
        item('taskweave.run', 'experiment|task|model|model\\.sweepable|ensemble', '2_run@1'),
        item('taskweave.sweep', 'experiment|model\\.sweepable', '2_run@2'),
        item('taskweave.stop', 'run\\.going', '2_run@3'),
        item('taskweave.resume', 'run\\.resumable', '2_run@4'),
        item('taskweave.validate', 'experiment', '2_run@5'),
      ],
      'editor/title': [
        { command: 'taskweave.openMetrics', when: experimentFile, group: 'navigation@2' },
        { command: 'taskweave.run', when: experimentFile, group: 'navigation@1' },
      ],
      'explorer/context': [
        { command: 'taskweave.run', when: experimentFile, group: '2_workspace@1' },
        { command: 'taskweave.openMetrics', when: experimentFile, group: '2_workspace@2' },
      ],
    },
    configuration: {
      title: 'Taskweave',
      properties: {
        [settings.nodePath]: {
          type: 'string',
          default: '',
          scope: 'machine',
          markdownDescription:
            'Path of a Node.js executable (22.13 or later) that runs experiments. Empty: the one inside the editor. Set it when a message says that the editor’s own Node.js has no SQLite.',
        },
        [settings.workers]: {
          type: 'integer',
          default: 0,
          minimum: 0,
          maximum: 256,
          scope: 'machine-overridable',
          markdownDescription:
            'Number of worker processes that a run trains with. 0: one for each processor core.',
        },
      },
    },
    configurationDefaults: {
      'files.watcherExclude': { '**/.taskweave/**': true },
      'search.exclude': { '**/.taskweave': true },
    },
    jsonValidation: [{ fileMatch: '*.mtl.json', url: './dist/experiment.schema.json' }],
    yamlValidation: [{ fileMatch: ['*.mtl.yaml', '*.mtl.yml'], url: './dist/experiment.schema.json' }],
  };
}

/** What an empty view says and offers. */
function welcome() {
  const { experiments, ready } = contextKeys;
  const none = `${ready} && ${experiments} == 0`;
  const start =
    'An experiment is one file, `*.mtl.yaml`: the data, the tasks to learn together, the models, and how to combine them.\n[New Experiment from a Template](command:taskweave.newExperiment)';
  return [
    { view: 'taskweave.tasks', when: `${none} && workspaceFolderCount != 0`, contents: start },
    {
      view: 'taskweave.tasks',
      when: 'workspaceFolderCount == 0',
      contents:
        'Open the folder that holds your data to begin.\n[Open Folder](command:workbench.action.files.openFolder)',
    },
    {
      view: 'taskweave.models',
      when: none,
      contents:
        'Base models learn one task, or many jointly. They are listed here once there is an experiment.',
    },
    {
      view: 'taskweave.ensembles',
      when: `${ready} && ${experiments} == 0`,
      contents: 'Ensembles combine base models. They are listed here once there is an experiment.',
    },
    {
      view: 'taskweave.ensembles',
      when: `${ready} && ${experiments} != 0`,
      contents:
        'No ensembles yet. Add one to the experiment file:\n`ensembles: { average: { combine: mean } }`\n[Open Experiment File](command:taskweave.openExperiment)',
    },
    {
      view: 'taskweave.runs',
      when: `${ready} && ${experiments} != 0`,
      contents:
        'No runs yet. A run trains every base model of an experiment on this machine, beside the same models without sharing.\n[Run Experiment](command:taskweave.run)\nIt goes on when the window is closed or reloaded.',
    },
    {
      view: 'taskweave.runs',
      when: none,
      contents: 'Runs of your experiments appear here, the newest first.',
    },
  ];
}
