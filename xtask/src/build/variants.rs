//! The WebAssembly modules that the npm package carries: one row each.

use std::path::PathBuf;

use crate::repo::Repo;

/// A build of the core for one entry point of the package.
pub struct Variant {
    /// Names the files: `pkg/wasm/<stem>_bg.wasm`, `pkg/dist/glue/<stem>.js`.
    pub stem: &'static str,
    /// Cargo features of the crate; its default features are off.
    pub features: &'static [&'static str],
    /// The entry point that a bundler for Workers takes, under `pkg/dist/`.
    pub entry: &'static str,
    /// The most that the module and the JavaScript of its entry point may come to, in gzipped KiB. Growth past it
    /// fails the build; what shrinks should take its budget along.
    pub budget: usize,
}

/// Every variant.
pub const VARIANTS: &[Variant] = &[
    Variant { stem: "scopegate", features: &["wasm", "kernels"], entry: "entry/workerd.js", budget: 107 },
    Variant { stem: "webcrypto", features: &["wasm"], entry: "entry/webcrypto/workerd.js", budget: 68 },
    Variant { stem: "reference", features: &["wasm", "reference"], entry: "entry/reference/workerd.js", budget: 305 },
];

impl Variant {
    /// The module as it is published.
    pub fn module(&self, repo: &Repo) -> PathBuf {
        repo.path(format!("pkg/wasm/{}_bg.wasm", self.stem))
    }

    /// Where wasm-bindgen puts what it makes.
    pub fn bindings(&self, repo: &Repo) -> PathBuf {
        repo.target.join("bindgen").join(self.stem)
    }

    /// The glue as wasm-bindgen makes it.
    pub fn raw_glue(&self, repo: &Repo) -> PathBuf {
        self.bindings(repo).join(format!("{}_bg.js", self.stem))
    }

    /// The module as wasm-bindgen makes it.
    pub fn raw_module(&self, repo: &Repo) -> PathBuf {
        self.bindings(repo).join(format!("{}_bg.wasm", self.stem))
    }

    /// The published module, but with the names of its functions.
    pub fn named_module(&self, repo: &Repo) -> PathBuf {
        self.bindings(repo).join(format!("{}_named.wasm", self.stem))
    }
}
