import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';

/** What a command is about. Comes from trees, code lenses, keybindings and other extensions, so it is validated. */
export const target = z.object({
  /** Absolute path of the experiment file. */
  experiment: z.string(),
  run: z.optional(z.string()),
  model: z.optional(z.string()),
  task: z.optional(z.string()),
  ensemble: z.optional(z.string()),
  /** Only likely to be meant: to be asked, with this one first. */
  suggested: z.optional(z.boolean()),
});
export type Target = z.infer<typeof target>;

const treeItem = z.object({ target });
const fileUri = z.object({ scheme: z.literal('file'), fsPath: z.string() });

/** The target of a command's argument: given by itself, by a tree item that has one, or as the resource of a menu. */
export function readTarget(argument: unknown): Target | undefined {
  const itself = target.safeParse(argument);
  if (itself.success) return itself.data;
  const item = treeItem.safeParse(argument);
  if (item.success) return item.data.target;
  const uri = fileUri.safeParse(argument);
  return uri.success ? { experiment: uri.data.fsPath } : undefined;
}

const EXPERIMENT_FILE = /\.mtl\.(ya?ml|json)$/i;
export const EXPERIMENT_GLOB = '**/*.mtl.{yaml,yml,json}';

export function isExperimentFile(path: string): boolean {
  return EXPERIMENT_FILE.test(path);
}

/** `penguins` for `…/penguins.mtl.yaml`. */
export function experimentName(path: string): string {
  return basename(path).replace(EXPERIMENT_FILE, '');
}

/** The run store beside an experiment file. */
export function storeOf(experiment: string): string {
  return join(dirname(experiment), '.taskweave');
}
