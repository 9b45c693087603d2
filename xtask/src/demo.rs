//! The demo: a Logto-like issuer and the blog API, on real hosts.

use std::ffi::OsString;
use std::process::Command;

use crate::build::{self, Mode};
use crate::repo::Repo;

/// The demo's command line, once everything it needs is built.
pub fn command(repo: &Repo) -> Command {
    let mut command = repo.node();
    command.arg("demo/src/main.ts");
    command
}

/// Builds, then hands the terminal to the demo until it ends.
pub fn run(repo: &Repo, arguments: &[OsString]) -> anyhow::Result<bool> {
    build::package(repo, Mode::Release)?;
    let mut command = command(repo);
    command.env_remove("NO_COLOR").args(arguments);
    hand_over(&mut command)
}

/// Becomes the demo: Ctrl-C reaches it directly, and its exit status is ours.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> anyhow::Result<bool> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

/// Waits for the demo. The console sends Ctrl-C to both; the demo ends by itself.
#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> anyhow::Result<bool> {
    Ok(command.status()?.success())
}
