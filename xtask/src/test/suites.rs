//! The suites: one row each, the same here, for people and in CI.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};

use super::counts::Runner;
use crate::build::{VARIANTS, Variant};
use crate::programs::DEMO;
use crate::python;
use crate::repo::Repo;
use crate::stamp::files;
use crate::tools::{self, Browser, WASM_TARGET};

/// What has to be there before a suite can run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Need {
    NpmPackages,
    /// `pkg/`, built.
    Package,
    /// The environment under `target/`, with the package.
    Python,
    WasmTarget,
    WasmTestRunner,
    Redis,
    /// With its driver.
    Chromium,
}

/// One command of a suite.
pub struct Step {
    pub title: String,
    pub command: Command,
    pub runner: Runner,
}

/// A named group of steps.
pub struct Suite {
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    pub needs: &'static [Need],
    pub steps: fn(&Repo) -> anyhow::Result<Vec<Step>>,
}

/// Every suite, in the order they run: what is quick to fail comes first.
pub const SUITES: &[Suite] = &[
    Suite {
        name: "rust",
        about: "rustfmt, clippy (also for WebAssembly), the crate's tests, xtask's own",
        needs: &[Need::WasmTarget],
        steps: rust,
    },
    Suite {
        name: "wasm",
        about: "the crate compiled to WebAssembly, tested in Node",
        needs: &[Need::WasmTarget, Need::WasmTestRunner],
        steps: wasm,
    },
    Suite {
        name: "js",
        about: "Biome, tsc, the vectors' generator, the tests of the package and the issuer in Node",
        needs: &[Need::NpmPackages, Need::Package],
        steps: js,
    },
    Suite { name: "hosts", about: "the package in workerd", needs: &[Need::NpmPackages, Need::Package], steps: hosts },
    Suite {
        name: "adapters",
        about: "every adapter over HTTP on its framework and runtime, and the quickstarts of docs/adapters.md",
        needs: &[Need::NpmPackages, Need::Package],
        steps: adapters,
    },
    Suite {
        name: "packaging",
        about: "the packed tarball in every host and bundler: prints the matrix of docs/hosts.md",
        needs: &[Need::NpmPackages, Need::Package],
        steps: packaging,
    },
    Suite {
        name: "stores",
        about: "key sets shared through Redis, and through Workers KV and Cache in Miniflare",
        needs: &[Need::NpmPackages, Need::Package, Need::Redis],
        steps: stores,
    },
    Suite {
        name: "python",
        about: "clippy, Ruff, mypy and Pyright, the tests of the Python package, wheel and source distribution installed",
        needs: &[Need::NpmPackages, Need::Python],
        steps: python_package,
    },
    Suite {
        name: "demo",
        about: "demo --check: the table of who may do what, on every host",
        needs: &[Need::NpmPackages, Need::Package, Need::Python],
        steps: demo_check,
    },
    Suite {
        name: "browser",
        about: "the package, its WebAssembly and both pages in headless Chromium",
        needs: &[Need::NpmPackages, Need::Package, Need::WasmTarget, Need::WasmTestRunner, Need::Chromium],
        steps: browser,
    },
    Suite {
        name: "bench",
        about: "the benchmark itself: its tests, and a run that shows that all of it works",
        needs: &[Need::NpmPackages, Need::Package, Need::Python],
        steps: bench,
    },
];

/// Places with a tsconfig.json of their own, besides each of `examples/`.
const TYPESCRIPT: &[&str] =
    &["js", "issuer", "demo", "bench", "tests/vectors", "tests/browser", "tests/packaging", "python/tests"];

const HOSTS: &str = "js/tests/hosts";
const ADAPTERS: &str = "js/tests/adapters";
const STORES: &str = "js/tests/stores";

/// What is left out of the suite `js`.
const SUITES_OF_THEIR_OWN: [&str; 3] = [HOSTS, ADAPTERS, STORES];

/// Places with Python in them.
const PYTHON: &[&str] = &["python", "examples/fastapi", "bench/src/python"];

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

fn rust(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    let mut steps = vec![
        step("cargo fmt --check", cargo(repo, "fmt", &["--all", "--check"]), Runner::Check),
        step(
            "cargo clippy scopegate",
            with(cargo(repo, "clippy", &["-p", "scopegate", "--all-targets", "--all-features"]), &DENY_WARNINGS),
            Runner::Check,
        ),
        step(
            "cargo clippy scopegate-kernels",
            with(cargo(repo, "clippy", &["-p", "scopegate-kernels", "--all-targets"]), &DENY_WARNINGS),
            Runner::Check,
        ),
    ];
    for variant in VARIANTS {
        let mut command = repo.cargo("clippy");
        command
            .args(["-p", "scopegate", "--lib", "--target", WASM_TARGET, "--no-default-features", "--features"])
            .arg(variant.features.join(","));
        let title = format!("cargo clippy {} for WebAssembly", variant.stem);
        steps.push(step(&title, with(command, &DENY_WARNINGS), Runner::Check));
    }
    steps.extend([
        step(
            "cargo clippy xtask",
            with(cargo(repo, "clippy", &["-p", "xtask", "--profile", "xtask", "--all-targets"]), &DENY_WARNINGS),
            Runner::Check,
        ),
        // With both engines: the shared vectors run on each that is compiled in.
        step(
            "cargo test scopegate",
            cargo(repo, "test", &["-p", "scopegate", "--features", "reference"]),
            Runner::Libtest,
        ),
        step("cargo test scopegate-kernels", cargo(repo, "test", &["-p", "scopegate-kernels"]), Runner::Libtest),
        step("cargo test xtask", cargo(repo, "test", &["-p", "xtask", "--profile", "xtask"]), Runner::Libtest),
    ]);
    Ok(steps)
}

/// In the profile of `xtask build`, so that what is tested is optimised as what is published, and compiled once.
fn wasm(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    let steps = VARIANTS.iter().map(|variant| {
        step(&format!("cargo test {} in WebAssembly on Node", variant.stem), wasm_test(repo, variant), Runner::Libtest)
    });
    Ok(steps.collect())
}

fn wasm_test(repo: &Repo, variant: &Variant) -> Command {
    let mut command = repo.cargo("test");
    command
        .args(["-p", "scopegate", "--test", variant.test, "--target", WASM_TARGET, "--profile", "wasm-release"])
        .args(["--no-default-features", "--features"])
        .arg(variant.features.join(","));
    command
}

/// The same test binaries as on Node, and what only a browser can show.
fn browser(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    let Browser { chromium, driver } = tools::chromium(repo)?.context("there is no Chromium")?;
    let mut steps: Vec<_> = VARIANTS
        .iter()
        .map(|variant| {
            let mut command = wasm_test(repo, variant);
            command
                .env("WASM_BINDGEN_USE_BROWSER", "1")
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", repo.path("tests/browser/webdriver.json"))
                .env("CHROMEDRIVER", &driver);
            step(&format!("cargo test {} in WebAssembly in Chromium", variant.stem), command, Runner::Libtest)
        })
        .collect();
    let mut pages = node_test(repo, "the package and the pages in Chromium", test_files(repo, "tests/browser")?)?;
    pages.command.env("CHROMIUM", chromium);
    steps.push(pages);
    Ok(steps)
}

fn js(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    let mut steps = vec![step("biome", with(repo.npm_program("biome"), &["ci", "--colors=off", "."]), Runner::Check)];
    for project in typescript_projects(repo)? {
        steps.push(step(
            &format!("tsc {project}"),
            with(repo.npm_program("tsc"), &["--noEmit", "-p", &project]),
            Runner::Check,
        ));
    }
    steps.push(step(
        "tests/vectors/vectors.json is what its generator writes",
        with(repo.node(), &["tests/vectors/generate.ts", "--check"]),
        Runner::Check,
    ));
    let elsewhere = SUITES_OF_THEIR_OWN.map(|directory| repo.path(directory));
    let mut package = test_files(repo, "js/tests")?;
    package.retain(|file| !elsewhere.iter().any(|directory| file.starts_with(directory)));
    steps.push(node_test(repo, "the package in Node", package)?);
    steps.push(node_test(repo, "the issuer", test_files(repo, "issuer/tests")?)?);
    Ok(steps)
}

fn hosts(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![node_test(repo, "the package in workerd", test_files(repo, HOSTS)?)?])
}

fn adapters(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![node_test(repo, "the adapters", test_files(repo, ADAPTERS)?)?])
}

fn packaging(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![node_test_within(
        repo,
        "the packed package",
        test_files(repo, "tests/packaging")?,
        Duration::from_mins(10),
    )?])
}

fn stores(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![node_test(repo, "shared key sets", test_files(repo, STORES)?)?])
}

fn python_package(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    let tool = |name: &str, arguments: &[&str]| with(repo.command(python::program(repo, name)), arguments);
    // Each in the folder where its settings are, and with the environment's packages.
    let inside = |name: &str, arguments: &[&str]| {
        let mut command = tool(name, arguments);
        command.current_dir(repo.path("python")).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    let interpreter = python::program(repo, "python").display().to_string();
    let settings = ["--config", "python/pyproject.toml"];
    let mut tests = inside("pytest", &["--quiet"]);
    tests.env("SCOPEGATE_DISTRIBUTIONS", python::distributions(repo)).env("CARGO_TARGET_DIR", &repo.target);
    Ok(vec![
        step(
            "cargo clippy scopegate-python",
            with(cargo(repo, "clippy", &["-p", "scopegate-python"]), &DENY_WARNINGS),
            Runner::Check,
        ),
        step("ruff check", with(with(tool("ruff", &["check"]), &settings), PYTHON), Runner::Check),
        step("ruff format", with(with(tool("ruff", &["format", "--check"]), &settings), PYTHON), Runner::Check),
        step("mypy", inside("mypy", &["scopegate", "tests", "../examples/fastapi/blog"]), Runner::Check),
        step("pyright", inside("pyright", &["--pythonpath", &interpreter, "scopegate"]), Runner::Check),
        step("pytest", tests, Runner::Pytest),
    ])
}

fn demo_check(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![step("demo --check", with(DEMO.command(repo), &["--check"]), Runner::Total)])
}

fn bench(repo: &Repo) -> anyhow::Result<Vec<Step>> {
    Ok(vec![node_test(repo, "the benchmark", test_files(repo, "bench/tests")?)?])
}

fn typescript_projects(repo: &Repo) -> anyhow::Result<Vec<String>> {
    let mut projects: Vec<_> = TYPESCRIPT.iter().map(|name| (*name).to_owned()).collect();
    for file in files(&repo.path("examples"))? {
        if file.file_name().is_some_and(|name| name == "tsconfig.json")
            && let Some(directory) = file.parent()
        {
            projects.push(directory.strip_prefix(&repo.root)?.display().to_string());
        }
    }
    Ok(projects)
}

/// The files under `directory` that hold tests for node:test.
fn test_files(repo: &Repo, directory: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = files(&repo.path(directory))?;
    found.retain(|file| {
        let name = file.to_string_lossy();
        name.ends_with(".test.ts") || name.ends_with(".test.tsx")
    });
    Ok(found)
}

fn node_test(repo: &Repo, title: &str, files: Vec<PathBuf>) -> anyhow::Result<Step> {
    node_test_within(repo, title, files, Duration::from_mins(3))
}

/// `limit` is for each test, a group of tests included.
fn node_test_within(repo: &Repo, title: &str, files: Vec<PathBuf>, limit: Duration) -> anyhow::Result<Step> {
    if files.is_empty() {
        bail!("{title}: there are no test files");
    }
    let mut command = repo.node();
    let limit = format!("--test-timeout={}", limit.as_millis());
    command.args(["--test", "--test-reporter=spec", &limit]).args(files);
    Ok(step(&format!("node --test: {title}"), command, Runner::NodeTest))
}

fn step(title: &str, command: Command, runner: Runner) -> Step {
    Step { title: title.to_owned(), command, runner }
}

fn cargo(repo: &Repo, subcommand: &str, arguments: &[&str]) -> Command {
    with(repo.cargo(subcommand), arguments)
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}
