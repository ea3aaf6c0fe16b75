//! `cargo xtask test`: runs all tests, and prints their number.

mod browsers;
mod bundlers;
mod counts;
pub mod files;
mod jobs;
mod skips;
pub mod types;

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::build::package::{self, Package};
use crate::setup::engine::{self, Engine, InstalledEngine};
use crate::setup::{listening, node, rust};
use crate::test::counts::TestCounts;
use crate::test::files::node_test;
use crate::test::jobs::{Job, Results};
use crate::{check, demo, process, project};

/// A part of the test suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Formatting and lints.
    Check,
    /// `cargo test` on this machine.
    Native,
    /// wasm-bindgen tests in the browsers.
    Wasm,
    /// The package's declarations and scripts in TypeScript.
    Types,
    /// The packed tarball, in Node.
    Packaging,
    /// The packed tarball in every bundler and runtime.
    Bundlers,
    /// The examples, built from the packed tarball.
    Examples,
    /// The package's JavaScript in the browsers.
    Js,
    /// The custom elements in the browsers.
    Elements,
    /// The demo page in the browsers.
    Demo,
    /// The demo's server, and a page with a form in the browsers.
    E2e,
}

impl Stage {
    const ALL: [(Stage, &str, &str); 11] = [
        (Stage::Check, "check", "formatting and lints"),
        (Stage::Native, "native", "native tests"),
        (Stage::Wasm, "wasm", "wasm tests in the browsers"),
        (Stage::Types, "types", "TypeScript types"),
        (Stage::Packaging, "packaging", "the packed npm package"),
        (Stage::Bundlers, "bundlers", "the package in every tool"),
        (Stage::Examples, "examples", "the examples"),
        (Stage::Js, "js", "the package's JavaScript in the browsers"),
        (
            Stage::Elements,
            "elements",
            "the custom elements in the browsers",
        ),
        (Stage::Demo, "demo", "the demo page in the browsers"),
        (
            Stage::E2e,
            "e2e",
            "the demo's server, and a page end to end",
        ),
    ];

    fn needs_package(self) -> bool {
        !matches!(self, Stage::Check | Stage::Native | Stage::Wasm)
    }

    /// Whether the stage can run in the `wanted` engines. An empty list means all.
    fn has_engine(self, wanted: &[Engine]) -> bool {
        // The bundlers' output is the same for all engines, so one is enough.
        let needs_chromium = matches!(self, Stage::Bundlers | Stage::Examples);
        !needs_chromium || wanted.is_empty() || wanted.contains(&Engine::Chromium)
    }

    fn needs_browser(self) -> bool {
        matches!(
            self,
            Stage::Wasm
                | Stage::Bundlers
                | Stage::Examples
                | Stage::Js
                | Stage::Elements
                | Stage::Demo
                | Stage::E2e
        )
    }
}

impl FromStr for Stage {
    type Err = Error;

    fn from_str(name: &str) -> Result<Stage> {
        let found = Stage::ALL.iter().find(|(_, known, _)| *known == name);
        found.map(|(stage, ..)| *stage).with_context(|| {
            let names = Stage::ALL.map(|(_, known, _)| known).join(", ");
            format!("there is no stage `{name}`; there are {names}")
        })
    }
}

/// Runs the suite, or only some stages of it, or only in some engines.
///
/// While cargo checks, compiles and tests the workspace, a second thread builds the package and
/// tests it in Node. The tests in browsers and bundlers follow, several at a time.
pub fn run(only: &[Stage], engines: &[Engine]) -> Result<()> {
    let start = Instant::now();
    let stages: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|(stage, ..)| only.is_empty() || only.contains(stage))
        .filter(|(stage, ..)| stage.has_engine(engines))
        .collect();
    let chosen: Vec<_> = stages.iter().map(|(stage, ..)| *stage).collect();
    let engines = set_up(&chosen, engines)?;

    let results = Mutex::new(Results::default());
    let mut wasm_jobs = Vec::new();
    let package = thread::scope(|scope| {
        let in_node = scope.spawn(|| build_and_test_in_node(&chosen, &results));
        for (stage, _, title) in &stages {
            let mut counts = TestCounts::default();
            let outcome = match stage {
                Stage::Check => heading(title, check::sources),
                Stage::Native => heading(title, || native(&mut counts)),
                Stage::Wasm => browsers::wasm(&engines).map(|jobs| wasm_jobs = jobs),
                _ => continue,
            };
            add(&results, title, counts, outcome);
        }
        in_node
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    let mut jobs: Vec<Job<'_>> = wasm_jobs;
    for (stage, _, title) in &stages {
        let prepared = match (stage, &package) {
            (Stage::Js, Some(_)) => Ok(browsers::javascript(&engines)),
            (Stage::Elements, Some(_)) => browsers::elements(&engines),
            (Stage::Bundlers, Some(package)) => in_bundlers(package, &engines),
            (Stage::Examples, Some(package)) => examples(package, &engines),
            (Stage::Demo, Some(package)) => browsers::demo_page(package, &engines),
            (Stage::E2e, Some(package)) => browsers::end_to_end(package, &engines),
            _ => continue,
        };
        match prepared {
            Ok(prepared) => jobs.extend(prepared),
            Err(error) => add(&results, title, TestCounts::default(), Err(error)),
        }
    }
    jobs::run_all(jobs, &results);

    let Results {
        counts,
        failed,
        failures,
        repeated,
    } = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Once more, at the end: CI shows only a part of a long output.
    print!("{failures}");
    println!("\nThe tests took {:.0} s.", start.elapsed().as_secs_f64());
    if counts.skipped > 0 {
        println!("{} tests were left out.", counts.skipped);
    }
    if !repeated.is_empty() {
        println!("Repeated after a failure: {}.", repeated.join(", "));
    }
    println!(
        "thetaone-web: {} passed, {} failed",
        counts.passed, counts.failed
    );
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join("; "))
}

fn add(results: &Mutex<Results>, title: &str, counts: TestCounts, outcome: Result<()>) {
    if let Err(error) = &outcome {
        eprintln!("error: {title}: {error:#}");
    }
    jobs::lock(results).add(title, counts, &outcome);
}

/// Installs npm packages and builds the package, as far as the stages need them. Then checks its
/// types and runs its tests in Node.
fn build_and_test_in_node(stages: &[Stage], results: &Mutex<Results>) -> Result<Option<Package>> {
    install_packages(stages)?;
    if !stages.iter().any(|stage| stage.needs_package()) {
        return Ok(None);
    }
    let package = package::build()?;
    for (stage, _, title) in Stage::ALL {
        match stage {
            _ if !stages.contains(&stage) => {}
            Stage::Types => add(results, title, TestCounts::default(), types::check()),
            Stage::Packaging => jobs::run(packaging(&package)?, results),
            _ => {}
        }
    }
    Ok(Some(package))
}

/// Installs the npm packages of the stages. Those of `xtask/` and `tests/` are already installed.
fn install_packages(stages: &[Stage]) -> Result<()> {
    if stages.contains(&Stage::Types) || stages.contains(&Stage::Bundlers) {
        // The declarations of the hooks import those of React.
        node::install_locked(bundlers::REACT)?;
    }
    if stages.contains(&Stage::Bundlers) {
        bundlers::set_up()?;
    }
    if stages.contains(&Stage::Examples) {
        node::install_locked(bundlers::EXAMPLES)?;
    }
    if stages.contains(&Stage::E2e) {
        node::install_locked(browsers::SITE)?;
    }
    if stages.contains(&Stage::E2e) || stages.contains(&Stage::Demo) {
        demo::set_up()?;
    }
    if stages.contains(&Stage::Native) || stages.contains(&Stage::E2e) {
        // Fetches the engine early. The tests report its absence.
        let _ = listening::for_tests();
    }
    Ok(())
}

fn heading(title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n━━ {title} ━━");
    work()
}

/// Finds or installs the toolchain and the browsers first, so that a lack shows before long steps.
fn set_up(stages: &[Stage], wanted: &[Engine]) -> Result<Vec<InstalledEngine>> {
    node::ensure()?;
    rust::ensure_wasm_target()?;
    if stages.iter().any(|stage| stage.needs_package()) {
        package::set_up()?;
        node::install_locked("tests")?;
    }
    let mut engines = Vec::new();
    if stages.iter().any(|stage| stage.needs_browser()) {
        for engine in Engine::ALL {
            if !wanted.is_empty() && !wanted.contains(&engine) {
                continue;
            }
            match engine.unsupported_reason() {
                Some(reason) => println!("No test runs in {}: {reason}.", engine.title()),
                None => engines.push(engine::ensure(engine)?),
            }
        }
        for installed in &engines {
            println!("{}", installed.version()?);
        }
        ensure!(!engines.is_empty(), "there is no engine left to test in");
    }
    Ok(engines)
}

/// Runs the tests that listen. They are skipped if the engine cannot be fetched.
fn listen(counts: &mut TestCounts) -> Result<()> {
    let engine = match listening::for_tests() {
        Ok(engine) => engine,
        Err(reason) => {
            println!("Left out: the tests that listen: {reason}");
            counts.skipped += 1;
            return Ok(());
        }
    };
    let mut command = project::cargo();
    command
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .args(["--features=emulator/listen", "--test=listening"])
        .env("LISTENING_ENGINE", engine);
    process::run_with_lines(&mut command, |line| *counts += TestCounts::from_line(line))
}

fn native(counts: &mut TestCounts) -> Result<()> {
    // wasm-test-runner has no tests. Without it, cargo does not compile wasm-bindgen-cli here.
    let arguments = [
        "test",
        "--locked",
        "--workspace",
        "--exclude=wasm-test-runner",
        "--no-fail-fast",
    ];
    process::run_with_lines(project::cargo().args(arguments), |line| {
        *counts += TestCounts::from_line(line)
    })?;
    ensure!(!counts.is_empty(), "no test was found");
    listen(counts)
}

fn packaging(package: &Package) -> Result<Job<'_>> {
    let mut command = node_test(&project::path("tests/packaging"))?;
    command.env("THETAONE_TARBALL", &package.tarball);
    Ok(Job::new("the packed npm package", move |report| {
        report.add(command)
    }))
}

fn chromium(engines: &[InstalledEngine]) -> Result<&InstalledEngine> {
    let found = engines.iter().find(|one| one.engine == Engine::Chromium);
    found.context("bundlers and examples are tested in Chromium, which was left out")
}

fn in_bundlers<'a>(package: &Package, engines: &[InstalledEngine]) -> Result<Vec<Job<'a>>> {
    let chromium = chromium(engines)?;
    let (running, address) = bundlers::prepare(package)?;
    let mut command = node_test(&project::path("tests/bundlers"))?;
    command
        .env("EMULATOR_URL", address)
        .env("THETAONE_TARBALL", &package.tarball)
        .env("CHROMIUM", &chromium.browser);
    let job = Job::new("the package in every tool", move |report| {
        let _running = running;
        report.add(command)
    })
    .expected_seconds(200);
    let mut command = node_test(&project::path(bundlers::REACT))?;
    command.env("CHROMIUM", &chromium.browser);
    let hooks = Job::new("the hooks in every React", move |report| {
        report.add(command)
    })
    .expected_seconds(10);
    Ok(vec![job, hooks])
}

fn examples<'a>(package: &Package, engines: &[InstalledEngine]) -> Result<Vec<Job<'a>>> {
    let chromium = chromium(engines)?;
    let (running, address) = bundlers::prepare_examples(package)?;
    let mut command = node_test(&project::path(bundlers::EXAMPLES))?;
    command
        .env("EMULATOR_URL", address)
        .env("CHROMIUM", &chromium.browser);
    let job = Job::new("the examples", move |report| {
        let _running = running;
        report.add(command)
    })
    .expected_seconds(80);
    Ok(vec![job])
}
