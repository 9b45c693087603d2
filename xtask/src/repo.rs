//! Where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// The checkout that xtask works on.
pub struct Repo {
    /// The root of the checkout.
    pub root: PathBuf,
    /// Cargo's target directory; xtask keeps its logs and stamps there too.
    pub target: PathBuf,
    /// Show the output of every step while it runs.
    pub verbose: bool,
}

impl Repo {
    /// Finds the checkout from the place of this package.
    pub fn find(verbose: bool) -> anyhow::Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().context("xtask/ has no parent directory")?.to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => root.join(directory),
            None => root.join("target"),
        };
        Ok(Self { root, target, verbose })
    }

    /// A path inside the checkout.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A program to run at the root of the checkout, without colours in its output.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
        command
    }

    /// `cargo SUBCOMMAND`; in CI the lock file is binding.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg(subcommand);
        if in_ci() && subcommand != "fmt" {
            command.arg("--locked");
        }
        // `cargo run` sets these for xtask; they must not reach, and invalidate, other builds.
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
                command.env_remove(name);
            }
        }
        command
    }

    /// `node` with the hook that lets it run TypeScript.
    pub fn node(&self) -> Command {
        let mut command = self.command("node");
        command.args(["--import", "tsx"]);
        command
    }

    /// A program that an npm package of the workspace brings.
    pub fn npm_program(&self, name: &str) -> Command {
        self.command(self.path("node_modules/.bin").join(name))
    }
}

/// Whether this is a run in CI, where nothing may be skipped.
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}
