//! What the build needs from outside: checked first, installed where a package manager can.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::repo::Repo;
use crate::shell;
use crate::stamp::{Inputs, Stamp, files};

/// The target triple of the WebAssembly build.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node.js that the tools and the package support.
const NODE_MAJOR: u32 = 20;

/// Adds Rust's standard library for WebAssembly when the toolchain lacks it.
pub fn wasm_target(repo: &Repo) -> anyhow::Result<()> {
    let printed = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(&repo.root)
        .output()
        .context("cannot start rustc")?;
    let directory = String::from_utf8(printed.stdout)?;
    if Path::new(directory.trim()).is_dir() {
        return Ok(());
    }
    shell::run(
        repo,
        "rustup target add wasm32-unknown-unknown",
        repo.command("rustup").args(["target", "add", WASM_TARGET]),
    )
    .context("the toolchain has no WebAssembly target; without rustup, install your distribution's package for it")?;
    Ok(())
}

/// Installs the npm packages of the workspace as the lock file has them.
pub fn npm_packages(repo: &Repo) -> anyhow::Result<()> {
    node(repo)?;
    let mut inputs = Inputs::default().file(&repo.path("package-lock.json"))?;
    for manifest in workspace_manifests(repo)? {
        inputs = inputs.file(&manifest)?;
    }
    let stamp = Stamp::new(repo.path("node_modules/.scopegate-stamp"), inputs);
    if stamp.is_fresh(&[&repo.path("node_modules/.package-lock.json")]) {
        return Ok(());
    }
    // No package needs an install script: the native ones come as packages per platform.
    shell::run(repo, "npm ci", repo.command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    stamp.set()
}

/// The package.json files that npm looks at: the root and its workspaces.
fn workspace_manifests(repo: &Repo) -> anyhow::Result<Vec<PathBuf>> {
    let mut manifests = vec![repo.path("package.json")];
    for place in ["pkg", "js", "issuer", "demo", "bench", "tests/browser", "tests/packaging", "tests/react18"] {
        manifests.push(repo.path(place).join("package.json"));
    }
    manifests.extend(
        files(&repo.path("examples"))?
            .into_iter()
            .filter(|file| file.file_name().is_some_and(|name| name == "package.json")),
    );
    manifests.retain(|manifest| manifest.is_file());
    Ok(manifests)
}

/// Checks that Node.js is there and new enough.
fn node(repo: &Repo) -> anyhow::Result<()> {
    let printed = repo.command("node").arg("--version").output().with_context(|| {
        format!("Node.js {NODE_MAJOR} or later is needed (nodejs.org, or your distribution's nodejs and npm)")
    })?;
    let version = String::from_utf8(printed.stdout)?;
    let major = version
        .trim()
        .strip_prefix('v')
        .and_then(|version| version.split('.').next())
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => bail!("Node.js {NODE_MAJOR} or later is needed; this is {}", version.trim()),
    }
}

/// A browser, and what drives it for WebAssembly's tests.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium, installing it where apt can; `None` when there is none.
pub fn chromium(repo: &Repo) -> anyhow::Result<Option<Browser>> {
    let found = || Some(Browser { chromium: on_path("chromium")?, driver: on_path("chromedriver")? });
    if found().is_none() && on_path("apt-get").is_some() {
        // Who may not install has none; the suite says what that means.
        if let Err(error) = apt_install(repo, &["chromium", "chromium-driver"]) {
            println!("  {error:#}");
        }
    }
    Ok(found())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|directory| directory.join(program)).find(|candidate| candidate.is_file())
}

/// Builds the runner that `cargo test` starts for WebAssembly, so that the tests' own step has only tests to run.
pub fn wasm_test_runner(repo: &Repo) -> anyhow::Result<()> {
    shell::run(
        repo,
        "cargo build wasm-test-runner",
        repo.cargo("build").args(["--package", "xtask", "--profile", "xtask"]).args([
            "--features",
            "wasm-test-runner",
            "--bin",
            "wasm-test-runner",
        ]),
    )?;
    Ok(())
}

/// Installs Redis where apt can; the tests start a server of their own.
pub fn redis(repo: &Repo) -> anyhow::Result<()> {
    let there = || Command::new("redis-server").arg("--version").output().is_ok();
    if there() {
        return Ok(());
    }
    apt_install(repo, &["redis-server"])
        .context("redis-server is needed: install Redis or Valkey by your package manager")?;
    if there() { Ok(()) } else { bail!("redis-server was installed, but cannot be started") }
}

/// Installs Debian packages, as root.
pub fn apt_install(repo: &Repo, packages: &[&str]) -> anyhow::Result<()> {
    apt_get(repo, &["update"])?;
    apt_get(repo, &[&["install", "-y", "--no-install-recommends"], packages].concat())
}

/// `apt-get`, as root.
fn apt_get(repo: &Repo, arguments: &[&str]) -> anyhow::Result<()> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|printed| printed.stdout == b"0\n");
    let mut command = if is_root {
        repo.command("apt-get")
    } else {
        let mut sudo = repo.command("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    shell::run(repo, &format!("apt-get {}", arguments.join(" ")), command.args(arguments))?;
    Ok(())
}
