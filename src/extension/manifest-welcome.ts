import { contextKeys } from './contributions';
import { nls } from './manifest-text';

/** What an empty view says and offers. The editor knows links in these texts, and no other mark. */
export function welcome() {
  const { experiments, ready } = contextKeys;
  const none = `${ready} && ${experiments} == 0`;
  const some = `${ready} && ${experiments} != 0`;
  return [
    {
      view: 'taskweave.tasks',
      when: `${none} && workspaceFolderCount != 0`,
      contents: nls(
        'welcome.start',
        'An experiment is one file, *.mtl.yaml: the data, the tasks to learn together, the models, and how to combine them.\n[New Experiment from a Table](command:taskweave.newFromTable)\n[New Experiment from a Template](command:taskweave.newExperiment)\nNew here? [Get Started](command:taskweave.getStarted)',
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
        'No tasks yet. A task is one column to predict; list them under tasks:\ntasks: { price: { target: price } }\n[Show in Experiment File](command:taskweave.openExperiment)',
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
        'No base models yet. Add one under models:\nmodels: { linear: { kind: linear, penalty: group-lasso } }\n[Show in Experiment File](command:taskweave.openExperiment)',
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
        'No ensembles yet. Add one to the experiment file:\nensembles: { average: { combine: mean } }\nand drag base models into it.\n[Show in Experiment File](command:taskweave.openExperiment)',
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
