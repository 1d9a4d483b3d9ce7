import type { ChosenRun } from '../choose';
import { outsideForms } from '../outside';

/** The part of the editor's memory of a workspace that is used. */
export interface ReportMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'reports';
/** More tabs than anybody has; those of before are forgotten. */
const MOST = 50;

/**
 * Which run each report is of, by the title of its tab. The panel keeps this in a state of its own; a report has no script
 * that could, and what the editor restores of it is the tab alone.
 */
export class OpenedReports {
  constructor(private readonly memory: ReportMemory) {}

  async keep(title: string, { experiment, run }: ChosenRun): Promise<void> {
    const others = (await this.kept()).filter((one) => one.title !== title);
    await this.memory.update(KEY, [{ title, experiment, run }, ...others].slice(0, MOST));
  }

  /** Undefined where nothing is known of such a tab, or not in the agreed form. */
  async of(title: string): Promise<ChosenRun | undefined> {
    const found = (await this.kept()).find((one) => one.title === title);
    return found && { experiment: found.experiment, run: found.run };
  }

  private async kept() {
    const { openedReports } = await outsideForms();
    const kept = openedReports.safeParse(this.memory.get(KEY));
    return kept.success ? kept.data : [];
  }
}
