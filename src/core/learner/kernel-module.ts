/** A WebAssembly module kept as base64: compiled when it is first asked for, an instance for every memory. */
export class KernelModule<Functions extends object> {
  private compiled: WebAssembly.Module | undefined;

  /** @param names every function of `Functions` */
  constructor(
    private readonly base64: string,
    private readonly names: readonly (keyof Functions & string)[],
  ) {}

  /** @throws TypeError when the module lacks a function: it is not the one that its callers were written for */
  over(memory: WebAssembly.Memory): Functions {
    this.compiled ??= new WebAssembly.Module(
      Uint8Array.from(atob(this.base64), (character) => character.charCodeAt(0)),
    );
    const { exports } = new WebAssembly.Instance(this.compiled, { env: { memory } });
    const functions = Object.fromEntries(this.names.map((name) => [name, exports[name]]));
    if (this.isComplete(functions)) return functions;
    throw new TypeError('The kernel is not the one that its callers were written for.');
  }

  private isComplete(functions: object): functions is Functions {
    return Object.values(functions).every((one) => typeof one === 'function');
  }
}
