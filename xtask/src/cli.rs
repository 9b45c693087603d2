//! The command line: what may be said, and the help text.

use std::ffi::OsString;

use anyhow::{Context, bail};
use pico_args::Arguments;

use crate::build::Mode;
use crate::test::{SUITES, Suite};

/// What was asked for.
pub enum Command {
    Help,
    Build {
        mode: Mode,
    },
    Test {
        /// In the order of the table; never empty.
        suites: Vec<&'static Suite>,
    },
    Demo {
        /// Handed to the demo as they are.
        arguments: Vec<OsString>,
    },
}

/// A parsed command line.
pub struct Invocation {
    pub command: Command,
    /// Show the output of every step while it runs, not only when it fails.
    pub verbose: bool,
}

/// Parses the arguments that follow `cargo xtask`.
pub fn parse(arguments: Vec<OsString>) -> anyhow::Result<Invocation> {
    let mut arguments = Arguments::from_vec(arguments);
    let wants_help = arguments.contains(["-h", "--help"]);
    let verbose = arguments.contains(["-v", "--verbose"]);
    let name = arguments.subcommand().context("the command is not a word")?;
    let command = match name.as_deref() {
        _ if wants_help => Command::Help,
        None | Some("help") => Command::Help,
        Some("build") => Command::Build { mode: if arguments.contains("--dev") { Mode::Dev } else { Mode::Release } },
        Some("test") => Command::Test { suites: select(&mut arguments)? },
        Some("demo") => {
            return Ok(Invocation { command: Command::Demo { arguments: arguments.finish() }, verbose });
        }
        Some(other) => bail!("no such command: {other}\n\n{}", help()),
    };
    let rest = arguments.finish();
    match rest.first() {
        Some(unknown) if !wants_help => bail!("unknown argument: {}\n\n{}", unknown.display(), help()),
        _ => Ok(Invocation { command, verbose }),
    }
}

/// The suites named on the command line, or all of them.
fn select(arguments: &mut Arguments) -> anyhow::Result<Vec<&'static Suite>> {
    let mut names = Vec::new();
    while let Some(name) = arguments.subcommand()? {
        if !SUITES.iter().any(|suite| suite.name == name) {
            let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
            bail!("no such suite: {name} (there are: {})", known.join(", "));
        }
        names.push(name);
    }
    Ok(SUITES.iter().filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name)).collect())
}

/// The help text, with the suites taken from their table.
pub fn help() -> String {
    let mut text = String::from(
        "cargo xtask COMMAND [-v]

  build [--dev]      pkg/, ready to publish (--dev: quicker to build, slower to run)
  test [SUITE...]    every suite, or the named ones; the last line is the total
  demo [--check]     a Logto-like issuer and the blog API on every host, until Ctrl-C;
                     --check drives it by machine, prints the table and exits

  -v, --verbose      show the output of each step while it runs (it is always in target/logs/)

suites:
",
    );
    for suite in SUITES {
        text.push_str(&format!("  {:<18} {}\n", suite.name, suite.about));
    }
    text
}
