import type { BuildOptions } from 'esbuild';

/** How esbuild bundles the suite that runs inside VS Code's extension host. */
export const hostSuite: BuildOptions & { readonly outfile: string };
