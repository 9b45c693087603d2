/** What `scopegate/scopegate.wasm` and its like are to hosts and bundlers that import WebAssembly as a compiled module. */
declare const module: WebAssembly.Module;
export default module;
