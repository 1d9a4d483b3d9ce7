/**
 * `contributes`, `activationEvents` and `capabilities` of package.json, and the English texts of package.nls.json
 * (`npm run contributes` writes both; a test compares).
 */
import {
  type CommandContribution,
  type CommandId,
  commands,
  glanceView,
  metricsPanelType,
  reportPanelType,
  settings,
  taskType,
  views,
} from './contributions';
import { entriesOf } from './entries';
import { tools, walkthrough } from './manifest-help';
import { nls, textsMade } from './manifest-text';
import { welcome } from './manifest-welcome';
import { keybindings, menus } from './menus';

/**
 * `activationEvents` of package.json. The language is for an experiment file that is opened without a folder. Not JSON's:
 * the editor itself asks for that in every window, and a window without experiments is none of ours.
 */
export const activationEvents = [
  'workspaceContains:**/*.mtl.yaml',
  'workspaceContains:**/*.mtl.yml',
  'workspaceContains:**/*.mtl.json',
  'onLanguage:yaml',
  `onWebviewPanel:${metricsPanelType}`,
  `onWebviewPanel:${reportPanelType}`,
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

/** `contributes` of package.json. */
export function contributes() {
  return {
    viewsContainers: {
      activitybar: [{ id: 'taskweave', title: 'Taskweave', icon: 'media/taskweave.svg' }],
      panel: [{ id: 'taskweaveGlance', title: 'Taskweave', icon: 'media/taskweave.svg' }],
    },
    views: {
      taskweave: entriesOf(views).map(([id, view]) => ({
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
    commands: entriesOf<CommandId, CommandContribution>(commands).map(([command, c]) => ({
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
  return textsMade();
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
        'Processors that a run trains on: as worker processes, or, for large data, as threads of fewer processes that share its memory. 0: all.',
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
