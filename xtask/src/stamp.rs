//! Doing a step only when its inputs changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

/// A digest over everything that decides the outcome of a step.
#[derive(Default)]
pub struct Inputs(Sha256);

impl Inputs {
    /// Adds a value (a command line, a version).
    pub fn text(mut self, text: &str) -> Self {
        self.bytes(text.as_bytes());
        self
    }

    /// Adds the content of a file.
    pub fn file(mut self, path: &Path) -> anyhow::Result<Self> {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        self.bytes(path.to_string_lossy().as_bytes());
        self.bytes(&content);
        Ok(self)
    }

    /// Adds all files under a directory.
    pub fn directory(mut self, path: &Path) -> anyhow::Result<Self> {
        for file in files(path)? {
            self = self.file(&file)?;
        }
        Ok(self)
    }

    // The length keeps the boundary between two values from moving.
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn digest(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The memory of one step: the inputs of its last success. It is kept beside the products, and shares their fate.
pub struct Stamp {
    path: PathBuf,
    digest: String,
}

impl Stamp {
    /// The stamp that a step keeps at `path`, for these inputs.
    pub fn new(path: PathBuf, inputs: Inputs) -> Self {
        Self { path, digest: inputs.digest() }
    }

    /// Whether the step succeeded with these inputs and its products are still there.
    pub fn is_fresh(&self, products: &[&Path]) -> bool {
        products.iter().all(|product| product.exists())
            && fs::read_to_string(&self.path).is_ok_and(|digest| digest == self.digest)
    }

    /// Remembers a success.
    pub fn set(&self) -> anyhow::Result<()> {
        if let Some(directory) = self.path.parent() {
            fs::create_dir_all(directory)?;
        }
        Ok(fs::write(&self.path, &self.digest)?)
    }
}

/// All files under a directory, sorted; none when there is no such directory.
pub fn files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(directory) = pending.pop() {
        if !directory.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "node_modules") {
                    pending.push(path);
                }
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
