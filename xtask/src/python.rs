//! The Python package: an environment of its own under `target/`, the wheel, and the source distribution.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::repo::{Repo, in_ci};
use crate::shell;
use crate::stamp::{Inputs, Stamp, files};
use crate::tools;

/// What the environment is made of, pinned.
const REQUIREMENTS: &str = "python/requirements-dev.txt";

/// What the package is built of, besides the folders below.
const FILES: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "kernels/Cargo.toml",
    "python/Cargo.toml",
    "python/pyproject.toml",
    "python/README.md",
];
const FOLDERS: [&str; 4] = ["src", "kernels/src", "python/src", "python/scopegate"];

/// The environment that builds, checks and tests the package, and has it installed.
pub fn environment(repo: &Repo) -> PathBuf {
    repo.target.join("python-venv")
}

/// A program of the environment.
pub fn program(repo: &Repo, name: &str) -> PathBuf {
    let (folder, ending) = if cfg!(windows) { ("Scripts", ".exe") } else { ("bin", "") };
    environment(repo).join(folder).join(format!("{name}{ending}"))
}

/// Where wheel and source distribution are put.
pub fn distributions(repo: &Repo) -> PathBuf {
    repo.target.join("python/dist")
}

/// Builds wheel and source distribution, and installs the wheel into the environment, unless they are up to date.
pub fn build(repo: &Repo) -> anyhow::Result<()> {
    prepare(repo)?;
    let dist = distributions(repo);
    let mut inputs = Inputs::default().file(&repo.path(REQUIREMENTS))?;
    for file in FILES {
        inputs = inputs.file(&repo.path(file))?;
    }
    for folder in FOLDERS {
        for file in files(&repo.path(folder))? {
            if !file.components().any(|part| part.as_os_str() == "__pycache__") {
                inputs = inputs.file(&file)?;
            }
        }
    }
    let stamp = Stamp::new(environment(repo).join(".scopegate-stamp"), inputs);
    if stamp.is_fresh(&[&dist]) {
        return Ok(());
    }
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    for (title, subcommand) in [("maturin build", "build"), ("maturin sdist", "sdist")] {
        let mut command = repo.command(program(repo, "maturin"));
        command.args([subcommand, "--manifest-path", "python/Cargo.toml", "--out"]).arg(&dist);
        if subcommand == "build" {
            command.args(["--release", "--interpreter"]).arg(program(repo, "python"));
            if in_ci() {
                command.arg("--locked");
            }
        }
        shell::run(repo, title, &mut command)?;
    }
    let wheel = files(&dist)?
        .into_iter()
        .find(|file| file.extension().is_some_and(|extension| extension == "whl"))
        .context("maturin made no wheel")?;
    let mut install = pip(repo);
    install.args(["install", "--force-reinstall", "--no-deps"]).arg(wheel);
    shell::run(repo, "pip install the wheel", &mut install)?;
    stamp.set()
}

/// Makes the environment, unless it is up to date.
fn prepare(repo: &Repo) -> anyhow::Result<()> {
    let requirements = repo.path(REQUIREMENTS);
    let inputs = Inputs::default().text(&version(repo)?).file(&requirements)?;
    let stamp = Stamp::new(environment(repo).join(".requirements-stamp"), inputs);
    if stamp.is_fresh(&[&program(repo, "python")]) {
        return Ok(());
    }
    make_environment(repo)?;
    let mut install = pip(repo);
    install.args(["install", "--requirement"]).arg(requirements);
    shell::run(repo, "pip install python/requirements-dev.txt", &mut install)?;
    stamp.set()
}

/// Debian has the module `venv` in a package of its own, and says so by a failure.
fn make_environment(repo: &Repo) -> anyhow::Result<()> {
    let make = || {
        let mut command = repo.command("python3");
        command.args(["-m", "venv", "--clear"]).arg(environment(repo));
        command
    };
    if shell::attempt(repo, "python3 -m venv", &mut make())?.status.success() {
        return Ok(());
    }
    tools::apt_install(repo, &["python3-venv"])
        .context("Python's module venv is needed; install your distribution's package for it")?;
    shell::run(repo, "python3 -m venv again", &mut make())?;
    Ok(())
}

fn pip(repo: &Repo) -> Command {
    let mut command = repo.command(program(repo, "python"));
    command.args(["-m", "pip", "--disable-pip-version-check", "--quiet"]);
    command
}

/// The version of the Python that environments are made of.
fn version(repo: &Repo) -> anyhow::Result<String> {
    let printed =
        repo.command("python3").arg("--version").output().context("Python 3.11 or later is needed (python3)")?;
    let version = String::from_utf8(printed.stdout)?;
    let minor = version.trim().strip_prefix("Python 3.").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    match minor {
        Some(11..) => Ok(version),
        _ => bail!("Python 3.11 or later is needed to work on the package; this is {}", version.trim()),
    }
}
