import { languageModelTools, walkthroughId } from './contributions';
import { nls } from './manifest-text';

/** From an empty folder to the first λ sweep. */
export function walkthrough() {
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
        'An experiment is one file beside its data. Templates bring small data of their own to try things on.\n[New Experiment](command:taskweave.newExperiment)\nOr begin with [a table of your own](command:taskweave.newFromTable).',
        'template.svg',
        'An experiment file with data, tasks, models and ensembles.',
        ['onCommand:taskweave.newExperiment', 'onCommand:taskweave.newFromTable'],
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
export function tools() {
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
