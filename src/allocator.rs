//! The allocator of the WebAssembly modules: half the size of the standard library's.

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
