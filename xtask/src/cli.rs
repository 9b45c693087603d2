//! The command line: what may be said, and the help text.

use std::ffi::OsString;

use anyhow::{Context, bail};
use pico_args::Arguments;

use crate::build::Mode;
use crate::programs::{self, Program};
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
    Run {
        program: Program,
        /// Handed to the program as they are.
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
    let name = arguments.subcommand().context("the command is not a word")?;
    let program = match name.as_deref() {
        Some("demo") => Some(programs::DEMO),
        Some("bench") => Some(programs::BENCH),
        _ => None,
    };
    if let Some(program) = program {
        let command = Command::Run { program, arguments: arguments.finish() };
        return Ok(Invocation { command, verbose: false });
    }
    let wants_help = arguments.contains(["-h", "--help"]);
    let verbose = arguments.contains(["-v", "--verbose"]);
    let command = match name.as_deref() {
        _ if wants_help => Command::Help,
        None | Some("help") => Command::Help,
        Some("build") => Command::Build { mode: if arguments.contains("--dev") { Mode::Dev } else { Mode::Release } },
        Some("test") => Command::Test { suites: select(&mut arguments)? },
        Some(other) => bail!("no such command: {other}\n\n{}", help()),
    };
    match arguments.finish().first() {
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
        "cargo xtask COMMAND

  build [--dev]      pkg/, ready to publish (--dev: quicker to build, slower to run), and the Python
                     wheel and source distribution in target/python/dist/
  test [SUITE...]    every suite, or the named ones; the last line is the total
  demo [--check]     a Logto-like issuer and the blog API on every host, until Ctrl-C;
                     --check drives it by machine, prints the table and exits
  bench [--quick] [--suite NAMES] [--host NAMES] [--json FILE]
                     scopegate beside what else verifies tokens; bench --help has more

  -v, --verbose      (build, test) show the output of each step while it runs; it is
                     always in target/logs/

suites:
",
    );
    for suite in SUITES {
        text.push_str(&format!("  {:<18} {}\n", suite.name, suite.about));
    }
    text
}
