//! The token inspector: a static page around the package, in `target/inspector/`.

use crate::repo::Repo;
use crate::shell;
use crate::stamp::{Inputs, Stamp};

/// Where the page is; the demo serves it from there.
const OUTPUT: &str = "target/inspector";

/// Builds the page unless it is up to date.
pub fn build(repo: &Repo) -> anyhow::Result<()> {
    let output = repo.path(OUTPUT);
    let inputs = Inputs::default()
        .directory(&repo.path("examples/inspector/src"))?
        .file(&repo.path("examples/inspector/index.html"))?
        .file(&repo.path("examples/inspector/vite.config.ts"))?
        .directory(&repo.path("pkg/dist"))?
        .file(&repo.path("package-lock.json"))?;
    let stamp = Stamp::new(repo.path("pkg/.stamps/inspector"), inputs);
    if stamp.is_fresh(&[&output.join("index.html")]) {
        return Ok(());
    }
    shell::run(
        repo,
        "vite build inspector",
        repo.npm_program("vite")
            .args(["build", "examples/inspector", "--emptyOutDir", "--logLevel=warn", "--outDir"])
            .arg(&output),
    )?;
    stamp.set()
}
