//! Building `pkg/`: the WebAssembly modules, their glue, and the JavaScript around them.

mod dense;
mod inspector;
mod module;
mod order;
mod package;
mod size;
mod variants;
mod wasm;

use crate::repo::Repo;
use crate::tools;

pub use variants::{VARIANTS, Variant};

/// How much work the compiler is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Built quickly, without wasm-opt: for trying things out.
    Dev,
    /// As it is published.
    Release,
}

/// Builds everything in `pkg/` that is not up to date, and the inspector around it.
pub fn package(repo: &Repo, mode: Mode) -> anyhow::Result<()> {
    tools::wasm_target(repo)?;
    tools::npm_packages(repo)?;
    for variant in VARIANTS {
        wasm::build(repo, variant, mode)?;
    }
    package::build(repo)?;
    inspector::build(repo)?;
    size::report(repo, mode)
}
