//! `cargo xtask`: the one entry point for people who work on scopegate.
//!
//! Each command installs or builds what it lacks, says what it is doing, and does no work twice.

mod build;
mod cli;
mod programs;
mod python;
mod repo;
mod shell;
mod stamp;
mod test;
mod tools;

use std::process::ExitCode;

use cli::Command;
use repo::Repo;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out the command line; `false` when it ran but found something wrong.
fn run() -> anyhow::Result<bool> {
    let arguments = cli::parse(std::env::args_os().skip(1).collect())?;
    let repo = Repo::find(arguments.verbose)?;
    match arguments.command {
        Command::Help => {
            print!("{}", cli::help());
            Ok(true)
        }
        Command::Build { mode } => build::package(&repo, mode).and_then(|()| python::build(&repo)).map(|()| true),
        Command::Test { suites } => test::run(&repo, &suites),
        Command::Run { program, arguments } => program.run(&repo, &arguments),
    }
}
