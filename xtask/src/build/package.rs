//! From `js/` and the glue to the JavaScript in `pkg/`: ES modules with types, and the same files for `require`.
//!
//! - `pkg/dist/` is what tsc emits from `js/src/`, and what is made here: `glue/`, wasm-bindgen's glue wrapped into a factory,
//!   and `inlined/`, each module as a script. Node's entry points are joined with what they load.
//! - `pkg/cjs/` is `pkg/dist/` file by file as CommonJS, under the hand-written files of `js/cjs/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{VARIANTS, Variant, dense};
use crate::repo::Repo;
use crate::shell;
use crate::stamp::{Inputs, Stamp, files};

/// The oldest JavaScript that the published files may need.
const TARGET: &str = "--target=es2022,node20";

/// The command line: a program of its own, that nobody requires.
const CLI: &str = "cli";

/// What only ES modules are written for: entry points of hosts and bundlers that need no CommonJS, by file name; the
/// modules as scripts and the command line, by directory.
const ESM_ONLY: [&str; 6] = ["workerd.js", "edge-light.js", "inline.js", "inline-module.js", "inlined", CLI];

/// Where `js/src/` has only the types of what is made here.
const DECLARED: [&str; 3] = ["glue", "inlined", "wasm"];

/// What npm shows, and the licences ask for, beside the code.
const TEXTS: [&str; 3] = ["README.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Builds `pkg/dist/` and `pkg/cjs/` unless they are up to date.
pub fn build(repo: &Repo) -> anyhow::Result<()> {
    let (dist, cjs) = (repo.path("pkg/dist"), repo.path("pkg/cjs"));
    let stamp = Stamp::new(repo.path("pkg/.stamps/package"), inputs(repo)?);
    if stamp.is_fresh(&[&dist, &cjs]) {
        return Ok(());
    }
    for directory in [&dist, &cjs] {
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
    }
    shell::run(repo, "tsc js to pkg/dist", repo.npm_program("tsc").args(["-p", "js/tsconfig.build.json"]))?;
    for directory in DECLARED {
        copy_all(&declarations(&repo.path("js/src").join(directory))?, &repo.path("js/src"), &dist)?;
    }
    for variant in VARIANTS {
        wrap_glue(repo, variant.stem, &variant.raw_glue(repo), &dist)?;
        inline(repo, variant, &dist)?;
    }
    commonjs(repo, &dist, &cjs)?;
    join_for_node(repo, &dist)?;
    copy_all(&TEXTS.map(|name| repo.path(name)), &repo.root, &repo.path("pkg"))?;
    stamp.set()
}

fn inputs(repo: &Repo) -> anyhow::Result<Inputs> {
    let mut inputs = Inputs::default()
        .directory(&repo.path("js/src"))?
        .directory(&repo.path("js/cjs"))?
        .file(&repo.path("js/tsconfig.build.json"))?
        .file(&repo.path("js/tsconfig.json"))?
        .file(&repo.path("tsconfig.base.json"))?
        .file(&repo.path("package-lock.json"))?
        .text(TARGET)
        .text(include_str!("package.rs"));
    for variant in VARIANTS {
        inputs = inputs.file(&variant.raw_glue(repo))?.file(&variant.module(repo))?;
    }
    for name in TEXTS {
        inputs = inputs.file(&repo.path(name))?;
    }
    Ok(inputs)
}

/// Wraps wasm-bindgen's module-wide state into a function, so that an instance that trapped can be dropped whole.
fn wrap_glue(repo: &Repo, stem: &str, glue: &Path, dist: &Path) -> anyhow::Result<()> {
    let output = dist.join("glue").join(format!("{stem}.js"));
    shell::run(
        repo,
        &format!("esbuild glue {stem}"),
        repo.npm_program("esbuild")
            .arg(glue)
            .args(["--bundle", "--format=esm", TARGET])
            .arg(format!("--outfile={}", output.display())),
    )?;
    let script = fs::read_to_string(&output)?;
    let script = copy_at_once(&script)?;
    let (body, exports) = script.split_once("\nexport {").context("the glue has no list of exports")?;
    Ok(fs::write(&output, format!("export function createGlue() {{\n{body}\nreturn {{{exports}}}\n"))?)
}

/// wasm-bindgen's glue copies a text character by character for as long as it is ASCII, which is quick for short ones. A
/// token is long, and the host copies it in a fraction of the time.
fn copy_at_once(glue: &str) -> anyhow::Result<String> {
    let (before, rest) =
        glue.split_once("  for (; offset < len; offset++) {\n").context("the glue copies otherwise")?;
    let (_, after) = rest.split_once("\n  }\n").context("the glue's loop has no end")?;
    let copy = "  if (cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len)).read === len) offset = len;\n";
    Ok([before, copy, after].concat())
}

/// Writes a module into a script, for where a file beside the scripts would get lost: bundles, and single executables.
fn inline(repo: &Repo, variant: &Variant, dist: &Path) -> anyhow::Result<()> {
    let (stem, module) = (variant.stem, variant.module(repo));
    let output = dist.join("inlined").join(format!("{stem}.js"));
    if variant.is_inlined() {
        fs::create_dir_all(dist.join("inlined"))?;
        return Ok(fs::write(output, dense::script(&fs::read(module)?))?);
    }
    shell::run(
        repo,
        &format!("esbuild inlined {stem}"),
        repo.npm_program("esbuild")
            .arg(module)
            .args(["--bundle", "--format=esm", "--platform=neutral", "--loader:.wasm=binary", "--target=es2022"])
            .arg(format!("--outfile={}", output.display())),
    )?;
    Ok(())
}

/// Joins what the entry points of Node load into one file each: as modules of their own, one by one, they take three times
/// as long to load. The errors stay a file that all share, so that a process has one class of them.
fn join_for_node(repo: &Repo, dist: &Path) -> anyhow::Result<()> {
    let entries = files(&dist.join("entry"))?;
    for entry in entries.iter().filter(|file| file.ends_with("node.js")) {
        shell::run(
            repo,
            &format!("esbuild {}", entry.strip_prefix(&repo.root).unwrap_or(entry).display()),
            repo.npm_program("esbuild")
                .arg(entry)
                .args(["--bundle", "--format=esm", "--platform=neutral", TARGET, "--external:./node-module.js"])
                .arg(format!("--external:{}", dist.join("errors.js").display()))
                .args(["--allow-overwrite", &format!("--outfile={}", entry.display())]),
        )?;
    }
    Ok(())
}

/// Transforms `dist` for `require`, one file into one file.
fn commonjs(repo: &Repo, dist: &Path, cjs: &Path) -> anyhow::Result<()> {
    let sources: Vec<_> = files(dist)?
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "js"))
        .filter(|file| !is_esm_only(file.strip_prefix(dist).unwrap_or(file)))
        .collect();
    shell::run(
        repo,
        "esbuild pkg/cjs",
        repo.npm_program("esbuild")
            .args(&sources)
            .args(["--format=cjs", "--platform=node", TARGET])
            .arg(format!("--outbase={}", dist.display()))
            .arg(format!("--outdir={}", cjs.display())),
    )?;
    let mut declarations = declarations(dist)?;
    declarations.retain(|file| !file.starts_with(dist.join(CLI)));
    copy_all(&declarations, dist, cjs)?;
    let written = repo.path("js/cjs");
    copy_all(&files(&written)?, &written, cjs)
}

fn is_esm_only(file: &Path) -> bool {
    file.iter().any(|part| ESM_ONLY.iter().any(|name| part == *name))
}

fn declarations(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = files(directory)?;
    found.retain(|file| file.to_string_lossy().ends_with(".d.ts"));
    Ok(found)
}

/// Copies files to the same places under another directory.
fn copy_all(sources: &[PathBuf], from: &Path, to: &Path) -> anyhow::Result<()> {
    for source in sources {
        let target = to.join(source.strip_prefix(from)?);
        if let Some(directory) = target.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::copy(source, &target).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}
