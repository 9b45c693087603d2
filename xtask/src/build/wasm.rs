//! From the crate to a WebAssembly module: cargo, wasm-bindgen, wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

use super::{Mode, Variant, module, order};
use crate::repo::Repo;
use crate::shell;
use crate::stamp::{Inputs, Stamp};
use crate::tools::WASM_TARGET;

/// What wasm-opt may use and does: the features are those of .cargo/config.toml and rustc's own defaults. It keeps the
/// names of functions, for the size report; they are not published. Rust leaves the first kilobyte to the stack's far end,
/// so nothing lies there. Control flow is taken apart and put together anew, twice, which finds what one pass of -Oz does not.
const WASM_OPT: &[&str] = &[
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-dwarf",
    "--debuginfo",
];

/// Builds one variant, unless nothing changed that goes into it. Cargo alone cannot tell: the module's file name does not
/// depend on the features, so each variant makes that of the others look out of date.
pub fn build(repo: &Repo, variant: &Variant, mode: Mode) -> anyhow::Result<()> {
    let published = variant.module(repo);
    let stamp = Stamp::new(repo.path("pkg/.stamps").join(variant.stem), inputs(repo, variant, mode)?);
    if stamp.is_fresh(&[&published, &variant.raw_glue(repo)]) {
        return Ok(());
    }
    let compiled = compile(repo, variant, mode)?;
    shell::task(&format!("wasm-bindgen {}", variant.stem), || bind(&compiled, &variant.bindings(repo), variant.stem))?;
    let named = variant.named_module(repo);
    match mode {
        Mode::Dev => {
            fs::copy(variant.raw_module(repo), &named)?;
        }
        Mode::Release => {
            shell::run(
                repo,
                &format!("wasm-opt {}", variant.stem),
                repo.npm_program("wasm-opt").args(WASM_OPT).arg(variant.raw_module(repo)).arg("-o").arg(&named),
            )?;
        }
    }
    if let Some(directory) = published.parent() {
        fs::create_dir_all(directory)?;
    }
    let bare = module::without_custom_sections(&fs::read(&named)?)?;
    fs::write(&published, if mode == Mode::Release { order::for_gzip(&bare)? } else { bare })?;
    stamp.set()
}

fn inputs(repo: &Repo, variant: &Variant, mode: Mode) -> anyhow::Result<Inputs> {
    let compiler = repo.command("rustc").arg("-vV").output().context("cannot start rustc")?;
    Ok(Inputs::default()
        .directory(&repo.path("src"))?
        .directory(&repo.path("kernels"))?
        .file(&repo.path("Cargo.toml"))?
        .file(&repo.path("Cargo.lock"))?
        .file(&repo.path(".cargo/config.toml"))?
        .file(&repo.path("node_modules/binaryen/package.json"))?
        .text(&String::from_utf8_lossy(&compiler.stdout))
        .text(&variant.module_features().join(","))
        .text(&WASM_OPT.join(" "))
        .text(include_str!("order.rs"))
        .text(&format!("{mode:?} {}", repo.target.display())))
}

/// Compiles the crate.
fn compile(repo: &Repo, variant: &Variant, mode: Mode) -> anyhow::Result<PathBuf> {
    let (profile, directory) = match mode {
        Mode::Dev => ("dev", "debug"),
        Mode::Release => ("wasm-release", "wasm-release"),
    };
    shell::run(
        repo,
        &format!("cargo build {} for WebAssembly", variant.stem),
        repo.cargo("build")
            .args(["--config", &format!("target.{WASM_TARGET}.rustflags={:?}", path_flags(repo)?)])
            .args(["--package", "scopegate", "--lib", "--target", WASM_TARGET])
            .args(["--profile", profile, "--no-default-features", "--features"])
            .arg(variant.module_features().join(",")),
    )?;
    Ok(repo.target.join(WASM_TARGET).join(directory).join("scopegate.wasm"))
}

/// Flags that keep where this machine has its sources out of the module, which says where a panic would come from.
fn path_flags(repo: &Repo) -> anyhow::Result<Vec<String>> {
    let sysroot = repo.command("rustc").args(["--print", "sysroot"]).output().context("cannot start rustc")?.stdout;
    let sysroot = String::from_utf8(sysroot)?;
    let cargo_home =
        std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))?;
    let sources = [format!("{}/lib/rustlib/src/rust/library", sysroot.trim()), format!("{cargo_home}/registry/src")];
    Ok(sources.iter().map(|path| format!("--remap-path-prefix={path}=")).collect())
}

/// Makes the bindings, with the wasm-bindgen that Cargo.lock names.
fn bind(compiled: &Path, directory: &Path, stem: &str) -> anyhow::Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name(stem)
        .bundler(true)
        .context("wasm-bindgen refuses the bundler target")?
        .typescript(false)
        .encode_into(EncodeInto::Always)
        .generate(directory)
}
