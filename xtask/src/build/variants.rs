//! The WebAssembly modules that the npm package carries: one row each.

use std::path::PathBuf;

use crate::repo::Repo;

/// A build of the core for one entry point of the package.
pub struct Variant {
    /// Names the files: `pkg/wasm/<stem>_bg.wasm`, `pkg/dist/glue/<stem>.js`.
    pub stem: &'static str,
    /// Cargo features of the crate; its default features are off.
    pub features: &'static [&'static str],
    /// The entry point whose size counts, under `pkg/dist/`: the one that a bundler for Workers takes, or for browsers.
    pub entry: &'static str,
    /// The integration test that runs inside the module, under `tests/`.
    pub test: &'static str,
    /// The most that the module and the JavaScript of its entry point may come to, in gzipped KiB. Growth past it
    /// fails the build; what shrinks should take its budget along.
    pub budget: usize,
}

/// Every variant.
pub const VARIANTS: &[Variant] = &[
    Variant { stem: "scopegate", features: &["wasm", "kernels"], entry: "entry/workerd.js", test: "wasm", budget: 77 },
    Variant { stem: "webcrypto", features: &["wasm"], entry: "entry/webcrypto/workerd.js", test: "wasm", budget: 58 },
    Variant {
        stem: "reference",
        features: &["wasm", "reference"],
        entry: "entry/reference/workerd.js",
        test: "wasm",
        budget: 243,
    },
    Variant { stem: "claims", features: &["claims"], entry: "entry/claims/inline.js", test: "wasm_claims", budget: 21 },
];

impl Variant {
    /// The features that its published module is built with. Where nothing needs the standard library the module goes
    /// without, and without its way to panic; the tests, which run in a module of their own, have it.
    pub fn module_features(&self) -> Vec<&'static str> {
        let needs_std = self.features.contains(&"reference");
        self.features.iter().copied().chain((!needs_std).then_some("module")).collect()
    }

    /// Whether the script of its entry point has the module in it.
    pub fn is_inlined(&self) -> bool {
        self.entry.ends_with("/inline.js")
    }

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
