/** Folder of everything the harness installs; ignored by git. */
export const harnessFolder: string;
/** Makes the harness ready; throws with the one line that mends it when something only root can install is missing. */
export function installHarness(): void;
export const harnessPrograms: { readonly node: string; readonly server: string; readonly browser: string };
