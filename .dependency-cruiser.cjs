/** The import rules of the rooms: extension, cli -> jobs -> store, io -> core; webview -> protocol; protocol -> nothing. */
const nodeBuiltins = '^(node:|fs$|path$|os$|child_process$|crypto$|worker_threads$|net$|http$|https$|process$)';

/** A room may import itself and the rooms listed; anything else under src or webview is forbidden. */
function room(name, path, allowed) {
  return {
    name: `${name}-imports`,
    comment: `${name} may import only ${[name, ...allowed].join(', ')}`,
    severity: 'error',
    from: { path: `^${path}/` },
    to: {
      path: '^(src|webview)/',
      pathNot: [path, ...allowed.map((other) => `src/${other}`)].map((allowedPath) => `^${allowedPath}/`),
    },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(vscode$|@tensorflow/tfjs-node$)' },
    },
    room('core', 'src/core', []),
    room('io', 'src/io', ['core']),
    room('protocol', 'src/protocol', []),
    room('store', 'src/store', ['core', 'io', 'protocol']),
    room('jobs', 'src/jobs', ['core', 'io', 'store', 'protocol']),
    room('cli', 'src/cli', ['core', 'io', 'store', 'jobs', 'protocol']),
    room('extension', 'src/extension', ['core', 'io', 'store', 'jobs', 'protocol']),
    room('webview', 'webview', ['protocol']),
    {
      name: 'core-is-pure',
      comment: 'core has no editor, file system, process or network: it declares ports',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: [nodeBuiltins, '^vscode$'] },
    },
    {
      name: 'only-the-extension-imports-vscode',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/extension/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'controls-behind-one-module',
      comment: 'the webview toolkit is archived upstream: one module may use it, so that one module replaces it',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^webview/controls\\.ts$' },
      to: { path: '@vscode/webview-ui-toolkit' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
