//! The programs that xtask starts for people: it builds what they need, and hands the terminal over.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::build::{self, Mode};
use crate::python;
use crate::repo::Repo;
use crate::tools;

/// A TypeScript program of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Program(&'static str);

/// A Logto-like issuer and the blog API, on real hosts.
pub const DEMO: Program = Program("demo/src/main.ts");
/// scopegate beside what else verifies tokens.
pub const BENCH: Program = Program("bench/src/main.ts");

impl Program {
    /// Its command line, once everything it needs is built.
    pub fn command(self, repo: &Repo) -> Command {
        let mut command = repo.node();
        command.env("SCOPEGATE_PYTHON", python::program(repo, "python")).arg(self.0);
        command
    }

    /// Builds, then hands the terminal to the program until it ends. Asking it for help needs no build.
    pub fn run(self, repo: &Repo, arguments: &[OsString]) -> anyhow::Result<bool> {
        if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
            tools::npm_packages(repo)?;
        } else {
            build::package(repo, Mode::Release)?;
            python::build(repo)?;
        }
        let mut command = self.command(repo);
        // Colours are the user's choice here; so is the directory that paths among the arguments start from.
        match env::var_os("NO_COLOR") {
            Some(value) => command.env("NO_COLOR", value),
            None => command.env_remove("NO_COLOR"),
        };
        command.env("INIT_CWD", env::current_dir()?).args(arguments);
        hand_over(&mut command)
    }
}

/// Becomes the program: Ctrl-C reaches it directly, and its exit status is ours.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> anyhow::Result<bool> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

/// Waits for the program. The console sends Ctrl-C to both; the program ends by itself.
#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> anyhow::Result<bool> {
    Ok(command.status()?.success())
}
