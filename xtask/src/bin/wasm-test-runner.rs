//! Runs a test binary compiled to WebAssembly: in Node, or in a headless browser when the test asks for one.
//! Cargo starts it (`runner` in .cargo/config.toml) with the path of the binary and the test arguments.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
