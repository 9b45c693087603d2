//! Running suites and counting what they ran.

mod counts;
mod suites;

use std::collections::HashMap;

use crate::build::{self, Mode};
use crate::python;
use crate::repo::{Repo, in_ci};
use crate::shell;
use crate::tools;

use counts::Counts;
use suites::{Need, Step};
pub use suites::{SUITES, Suite};

/// Runs the suites one after another; a failure stops none of the others. The last line printed is the total.
/// `false` when anything failed, or was skipped in CI.
pub fn run(repo: &Repo, suites: &[&Suite]) -> anyhow::Result<bool> {
    let mut prepared = HashMap::new();
    let mut rows = Vec::new();
    for suite in suites {
        println!("── {} ──", suite.name);
        rows.push((suite.name, run_suite(repo, suite, &mut prepared)));
    }
    println!("──");
    let mut total = Counts::default();
    for (name, counts) in rows {
        println!("{name}: {counts}");
        total += counts;
    }
    let skipped_in_ci = in_ci() && total.skipped > 0;
    if skipped_in_ci {
        println!("in CI nothing may be skipped");
    }
    println!("{total}");
    Ok(total.failed == 0 && !skipped_in_ci)
}

fn run_suite(repo: &Repo, suite: &Suite, prepared: &mut HashMap<Need, Ready>) -> Counts {
    for need in suite.needs {
        let ready = *prepared.entry(*need).or_insert_with(|| match prepare(repo, *need) {
            Ok(ready) => ready,
            Err(error) => {
                println!("  {error:#}");
                Ready::Failed
            }
        });
        match ready {
            Ready::Yes => {}
            Ready::Absent => {
                println!("  {} IS SKIPPED: {need:?} is not here, and cannot be installed", suite.name);
                return Counts { skipped: 1, ..Counts::default() };
            }
            Ready::Failed => {
                println!("  {} cannot run", suite.name);
                return Counts::FAILURE;
            }
        }
    }
    let steps = match (suite.steps)(repo) {
        Ok(steps) => steps,
        Err(error) => {
            println!("  {error:#}");
            return Counts::FAILURE;
        }
    };
    steps.into_iter().map(|step| run_step(repo, step)).sum()
}

fn run_step(repo: &Repo, mut step: Step) -> Counts {
    match shell::attempt(repo, &step.title, &mut step.command) {
        Ok(finished) => {
            let verdict = step.runner.judge(finished.status.success(), &finished.output);
            shell::done(finished.elapsed, &verdict.remark());
            verdict.counts
        }
        Err(error) => {
            println!("  {error:#}");
            Counts::FAILURE
        }
    }
}

/// Whether what a suite needs is there.
#[derive(Clone, Copy, Debug)]
enum Ready {
    Yes,
    /// It is not, and this machine need not have it. In CI, where nothing may be skipped, that fails the run.
    Absent,
    Failed,
}

fn prepare(repo: &Repo, need: Need) -> anyhow::Result<Ready> {
    match need {
        Need::NpmPackages => tools::npm_packages(repo)?,
        Need::Package => build::package(repo, Mode::Release)?,
        Need::Python => python::build(repo)?,
        Need::WasmTarget => tools::wasm_target(repo)?,
        Need::WasmTestRunner => tools::wasm_test_runner(repo)?,
        Need::Redis => tools::redis(repo)?,
        Need::Chromium if tools::chromium(repo)?.is_none() => return Ok(Ready::Absent),
        Need::Chromium => {}
    }
    Ok(Ready::Yes)
}
