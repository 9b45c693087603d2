//! The allocator of the WebAssembly modules: half the size of the standard library's.

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What panics traps, without a word: nothing in this crate is meant to.
#[cfg(feature = "module")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
