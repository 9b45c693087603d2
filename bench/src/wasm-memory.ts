/** Looks at the memory of every WebAssembly instance that is made after `observeMemory`. */

/** @returns the bytes of all those memories now. */
export function observeMemory(): () => number {
  const memories: WebAssembly.Memory[] = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, [module, imports]: [WebAssembly.Module, WebAssembly.Imports | undefined]) {
      const instance = new target(module, imports);
      const { memory } = instance.exports;
      if (memory instanceof WebAssembly.Memory) memories.push(memory);
      return instance;
    },
  });
  return () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}
