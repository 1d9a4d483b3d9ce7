/**
 * `contributes`, `activationEvents` and `capabilities` of package.json, and the English texts of package.nls.json
 * (`npm run contributes` writes both; a test compares).
 */
import {
  type CommandContribution,
  type CommandId,
  commands,
  contextKeys,
  glanceView,
  languageModelTools,
  metricsPanelType,
  settings,
  taskType,
  views,
  walkthroughId,
} from './contributions';
import { keybindings, menus } from './menus';

const texts: Record<string, string> = {};

/** A placeholder for a text of the manifest; the text itself goes into package.nls.json. */
function nls(key: string, english: string): string {
  texts[key] = english;
  return `%${key}%`;
}

/** `activationEvents` of package.json. The languages are for an experiment file that is opened without a folder. */
export const activationEvents = [
  'workspaceContains:**/*.mtl.yaml',
  'workspaceContains:**/*.mtl.yml',
  'workspaceContains:**/*.mtl.json',
  'onLanguage:yaml',
  'onLanguage:json',
  `onWebviewPanel:${metricsPanelType}`,
  `onTaskType:${taskType}`,
];

export const capabilities = {
  untrustedWorkspaces: {
    supported: 'limited',
    description: nls(
      'capabilities.untrusted',
      'In Restricted Mode experiments and finished runs can be read. Nothing is trained, validated against data or stopped until the workspace is trusted.',
    ),
    restrictedConfigurations: [settings.nodePath],
  },
  virtualWorkspaces: {
    supported: 'limited',
    description: nls(
      'capabilities.virtual',
      'Experiment files can be read. Runs need the data on a real file system.',
    ),
  },
};

export function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

/** `contributes` of package.json. */
export function contributes() {
  return {
    viewsContainers: {
      activitybar: [{ id: 'taskweave', title: 'Taskweave', icon: 'media/taskweave.svg' }],
      panel: [{ id: 'taskweaveGlance', title: 'Taskweave', icon: 'media/taskweave.svg' }],
    },
    views: {
      taskweave: entries(views).map(([id, view]) => ({
        id,
        name: nls(`view.${id}`, view.name),
        icon: 'media/taskweave.svg',
        contextualTitle: 'Taskweave',
      })),
      taskweaveGlance: [
        {
          id: glanceView.id,
          name: nls(`view.${glanceView.id}`, glanceView.name),
          type: 'webview',
          icon: 'media/taskweave.svg',
          contextualTitle: 'Taskweave',
        },
      ],
    },
    viewsWelcome: welcome(),
    commands: entries<CommandId, CommandContribution>(commands).map(([command, c]) => ({
      command,
      title: nls(`command.${command}`, c.title),
      category: 'Taskweave',
      ...(c.icon ? { icon: c.icon } : {}),
      ...(c.runs ? { enablement: 'isWorkspaceTrusted' } : {}),
    })),
    menus,
    keybindings,
    walkthroughs: [walkthrough()],
    taskDefinitions: [
      {
        type: taskType,
        required: ['experiment'],
        properties: {
          experiment: {
            type: 'string',
            description: nls('task.experiment', 'Experiment file to run, relative to the workspace folder.'),
          },
          workers: {
            type: 'integer',
            minimum: 1,
            description: nls('task.workers', 'Worker processes; left out: one for each processor core.'),
          },
        },
        when: 'shellExecutionSupported',
      },
    ],
    problemMatchers: [
      {
        name: 'taskweave',
        owner: 'taskweave-run',
        source: 'taskweave',
        fileLocation: ['autoDetect', `\${workspaceFolder}`],
        pattern: {
          regexp: '^(.*\\.mtl\\.(?:ya?ml|json)):(\\d+):(\\d+): (error|warning): (.*)$',
          file: 1,
          line: 2,
          column: 3,
          severity: 4,
          message: 5,
        },
      },
    ],
    languageModelTools: tools(),
    configuration: {
      title: 'Taskweave',
      properties: configuration(),
    },
    configurationDefaults: {
      'files.watcherExclude': { '**/.taskweave/**': true },
      'search.exclude': { '**/.taskweave': true },
    },
    jsonValidation: [{ fileMatch: '*.mtl.json', url: './dist/experiment.schema.json' }],
    yamlValidation: [{ fileMatch: ['*.mtl.yaml', '*.mtl.yml'], url: './dist/experiment.schema.json' }],
  };
}

/** `package.nls.json`. */
export function manifestTexts(): Readonly<Record<string, string>> {
  contributes();
  return texts;
}

function configuration() {
  return {
    [settings.inlineScores]: {
      type: 'boolean',
      default: true,
      markdownDescription: nls(
        'setting.inlineScores',
        'Show the latest score after each model, ensemble and task of an experiment file, its change since the run before, and marks beside lines changed since the run.',
      ),
    },
    [settings.notifyAfter]: {
      type: 'integer',
      default: 60,
      minimum: -1,
      markdownDescription: nls(
        'setting.notifyAfter',
        'Say when a run ends that took at least this many seconds. -1: never.',
      ),
    },
    [settings.workers]: {
      type: 'integer',
      default: 0,
      minimum: 0,
      maximum: 256,
      scope: 'machine-overridable',
      markdownDescription: nls(
        'setting.workers',
        'Number of worker processes that a run trains with. 0: one for each processor core.',
      ),
    },
    [settings.nodePath]: {
      type: 'string',
      default: '',
      scope: 'machine',
      markdownDescription: nls(
        'setting.nodePath',
        'Path of a Node.js executable (22.13 or later) that runs experiments. Empty: the one inside the editor. Set it when a message says that the editor’s own Node.js has no SQLite.',
      ),
    },
  };
}

/** What an empty view says and offers. */
function welcome() {
  const { experiments, ready } = contextKeys;
  const none = `${ready} && ${experiments} == 0`;
  const some = `${ready} && ${experiments} != 0`;
  return [
    {
      view: 'taskweave.tasks',
      when: `${none} && workspaceFolderCount != 0`,
      contents: nls(
        'welcome.start',
        'An experiment is one file, `*.mtl.yaml`: the data, the tasks to learn together, the models, and how to combine them.\n[New Experiment from a Template](command:taskweave.newExperiment)\n[Get Started](command:taskweave.getStarted)',
      ),
    },
    {
      view: 'taskweave.tasks',
      when: 'workspaceFolderCount == 0',
      contents: nls(
        'welcome.folder',
        'Open the folder that holds your data to begin.\n[Open Folder](command:workbench.action.files.openFolder)',
      ),
    },
    {
      view: 'taskweave.tasks',
      when: some,
      contents: nls(
        'welcome.tasks',
        'No tasks yet. A task is one column to predict; list them under `tasks`:\n`tasks: { price: { target: price } }`\n[Show in Experiment File](command:taskweave.openExperiment)',
      ),
    },
    {
      view: 'taskweave.models',
      when: none,
      contents: nls(
        'welcome.models.none',
        'Base models learn one task, or many jointly. They are listed here once there is an experiment.',
      ),
    },
    {
      view: 'taskweave.models',
      when: some,
      contents: nls(
        'welcome.models',
        'No base models yet. Add one under `models`:\n`models: { linear: { kind: linear, penalty: group-lasso } }`\n[Show in Experiment File](command:taskweave.openExperiment)',
      ),
    },
    {
      view: 'taskweave.ensembles',
      when: none,
      contents: nls(
        'welcome.ensembles.none',
        'Ensembles combine base models. They are listed here once there is an experiment.',
      ),
    },
    {
      view: 'taskweave.ensembles',
      when: some,
      contents: nls(
        'welcome.ensembles',
        'No ensembles yet. Add one to the experiment file:\n`ensembles: { average: { combine: mean } }`\nand drag base models into it.\n[Show in Experiment File](command:taskweave.openExperiment)',
      ),
    },
    {
      view: 'taskweave.runs',
      when: some,
      contents: nls(
        'welcome.runs',
        'No runs yet. A run trains every base model of an experiment on this machine, beside the same models without sharing.\n[Run Experiment](command:taskweave.run)\nIt goes on when the window is closed or reloaded.',
      ),
    },
    {
      view: 'taskweave.runs',
      when: none,
      contents: nls('welcome.runs.none', 'Runs of your experiments appear here, the newest first.'),
    },
  ];
}

/** From an empty folder to the first λ sweep. */
function walkthrough() {
  const step = (
    id: string,
    title: string,
    description: string,
    image: string,
    altText: string,
    completionEvents: readonly string[],
  ) => ({
    id,
    title: nls(`walkthrough.${id}.title`, title),
    description: nls(`walkthrough.${id}.description`, description),
    media: { svg: `media/walkthrough/${image}`, altText: nls(`walkthrough.${id}.alt`, altText) },
    completionEvents,
  });
  return {
    id: walkthroughId,
    title: nls('walkthrough.title', 'Learn related tasks together'),
    description: nls(
      'walkthrough.description',
      'From an empty folder to your first λ sweep, in about five minutes.',
    ),
    icon: 'media/icon.png',
    steps: [
      step(
        'template',
        'Start from a template',
        'An experiment is one file beside its data. Templates bring small data of their own to try things on.\n[New Experiment](command:taskweave.newExperiment)',
        'template.svg',
        'An experiment file with data, tasks, models and ensembles.',
        ['onCommand:taskweave.newExperiment'],
      ),
      step(
        'run',
        'Run it',
        'A run trains every base model with cross-validation, and the same models without sharing. It goes on when the window is closed.\n[Run Experiment](command:taskweave.run)',
        'run.svg',
        'The Run action above the first line of the file, and scores that appear after each model.',
        ['onCommand:taskweave.run'],
      ),
      step(
        'compare',
        'See whether sharing helped',
        'Each model stands beside its baseline, the same learner on each task alone. Where sharing hurts a task, it says so.\n[Compare with Baseline](command:taskweave.compare)',
        'compare.svg',
        'A leaderboard with a verdict for each task.',
        ['onCommand:taskweave.compare', 'onCommand:taskweave.openMetrics'],
      ),
      step(
        'sweep',
        'Sweep λ',
        'λ weighs what ties the tasks together. A sweep tries many and shows the score against λ, with the choice marked.\n[Sweep λ](command:taskweave.sweep)',
        'sweep.svg',
        'Score against λ with the chosen λ marked.',
        ['onCommand:taskweave.sweep'],
      ),
    ],
  };
}

/** Tools for assistants; each asks the person before it does anything. */
function tools() {
  const experiment = {
    type: 'string',
    description: 'Path of the experiment file (*.mtl.yaml), absolute or relative to the workspace folder.',
  };
  return [
    {
      name: languageModelTools.validate,
      toolReferenceName: 'taskweaveValidate',
      canBeReferencedInPrompt: true,
      icon: '$(checklist)',
      displayName: nls('tool.validate', 'Validate a Taskweave experiment'),
      modelDescription:
        'Checks a multi-task learning experiment file by itself and against its data. Returns every mistake with its line, column and remedy.',
      inputSchema: { type: 'object', properties: { experiment }, required: ['experiment'] },
    },
    {
      name: languageModelTools.sweep,
      toolReferenceName: 'taskweaveSweep',
      canBeReferencedInPrompt: true,
      icon: '$(graph-scatter)',
      displayName: nls('tool.sweep', 'Launch a Taskweave λ sweep'),
      modelDescription:
        'Starts a λ sweep of one base model within a hard budget of fits and CPU seconds, after the person agreed. Returns the run id; read the result with the leaderboard tool.',
      inputSchema: {
        type: 'object',
        properties: {
          experiment,
          model: { type: 'string', description: 'Name of the base model to sweep.' },
          points: { type: 'integer', minimum: 1, maximum: 1000, description: 'Number of λ. Default 20.' },
          folds: { type: 'integer', minimum: 2, maximum: 100, description: 'Folds. Default: the file’s.' },
          maxFits: {
            type: 'integer',
            minimum: 1,
            description: 'Refused where it takes more fits than this.',
          },
          cpuSeconds: { type: 'number', minimum: 1, description: 'Stopped before it uses more CPU time.' },
        },
        required: ['experiment', 'model', 'maxFits', 'cpuSeconds'],
      },
    },
    {
      name: languageModelTools.leaderboard,
      toolReferenceName: 'taskweaveLeaderboard',
      canBeReferencedInPrompt: true,
      icon: '$(law)',
      displayName: nls('tool.leaderboard', 'Read a Taskweave leaderboard'),
      modelDescription:
        'Reads the leaderboard of a run: baselines, models and ensembles with scores per task, and whether sharing helped.',
      inputSchema: {
        type: 'object',
        properties: { experiment, run: { type: 'string', description: 'Run id. Default: the newest.' } },
        required: ['experiment'],
      },
    },
  ];
}
