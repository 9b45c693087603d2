//! How large the published files are, and whether that is within the budget.

use std::fs;
use std::io::Write;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Mode, VARIANTS, Variant, module};
use crate::repo::Repo;

/// How many parts of a module that is too large are named.
const NAMED: usize = 20;

/// Prints, for each variant, the sizes of its module and of the JavaScript that a bundler ships with it. An error when one
/// is over its budget.
pub fn report(repo: &Repo, mode: Mode) -> anyhow::Result<()> {
    println!("{:<40} {:>10} {:>10}", "", "bytes", "gzipped");
    let mut over = Vec::new();
    for variant in VARIANTS {
        let module = fs::read(variant.module(repo))?;
        let script = bundled(repo, variant)?;
        let (module_gzipped, script_gzipped) = (gzipped(&module)?, gzipped(&script)?);
        println!("{:<40} {:>10} {module_gzipped:>10}", format!("wasm/{}_bg.wasm", variant.stem), module.len());
        println!("{:<40} {:>10} {script_gzipped:>10}", format!("{}, bundled", variant.entry), script.len());
        let total = if variant.is_inlined() { script_gzipped } else { module_gzipped + script_gzipped };
        if total > variant.budget * 1024 {
            over.push((variant, total));
        }
    }
    // What is not optimised says nothing about what will be published.
    if mode == Mode::Dev || over.is_empty() {
        return Ok(());
    }
    for (variant, size) in &over {
        println!("{} is over its budget: {size} bytes gzipped. Its largest parts, in bytes before gzip:", variant.stem);
        for (name, size) in module::parts(&fs::read(variant.named_module(repo))?)?.iter().take(NAMED) {
            println!("{size:>8}  {name}");
        }
    }
    bail!("over the size budget: {}", over.iter().map(|(variant, _)| variant.stem).collect::<Vec<_>>().join(", "))
}

/// The JavaScript of the variant's entry point as a bundler minifies it.
fn bundled(repo: &Repo, variant: &Variant) -> anyhow::Result<Vec<u8>> {
    let output = repo
        .npm_program("esbuild")
        .arg(repo.path("pkg/dist").join(variant.entry))
        .args(["--bundle", "--minify", "--format=esm", "--external:*.wasm", "--log-level=error"])
        .output()
        .context("cannot start esbuild")?;
    if !output.status.success() {
        bail!("esbuild cannot bundle {}: {}", variant.entry, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// The size of `content` at gzip's highest level.
fn gzipped(content: &[u8]) -> anyhow::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len())
}
