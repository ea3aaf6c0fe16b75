//! `cargo xtask test`: every test there is, and one line that adds them up.

mod browsers;
mod bundlers;
mod counts;
mod jobs;
mod skips;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::build::package::{self, Package};
use crate::setup::engine::{self, Engine, Installed};
use crate::setup::{listening, node, rust};
use crate::test::counts::Tally;
use crate::test::jobs::Job;
use crate::{check, demo, process, project};

/// How long a whole file of tests may take; a hang must end some time.
const NODE_TEST_MILLISECONDS: &str = "300000";

/// A part of the suite, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Formatting and lints.
    Check,
    /// `cargo test` on this machine.
    Native,
    /// wasm-bindgen tests in the browser.
    Wasm,
    /// The package's types against TypeScript.
    Types,
    /// The packed tarball, in Node.
    Packaging,
    /// The packed tarball in every bundler and runtime.
    Bundlers,
    /// The demo page in the browser.
    E2e,
}

impl Stage {
    const ALL: [(Stage, &str, &str); 7] = [
        (Stage::Check, "check", "formatting and lints"),
        (Stage::Native, "native", "native tests"),
        (Stage::Wasm, "wasm", "wasm tests in the browsers"),
        (Stage::Types, "types", "TypeScript types"),
        (Stage::Packaging, "packaging", "the packed npm package"),
        (Stage::Bundlers, "bundlers", "the package in every tool"),
        (Stage::E2e, "e2e", "the demo page, end to end"),
    ];

    fn needs_package(self) -> bool {
        !matches!(self, Stage::Check | Stage::Native | Stage::Wasm)
    }

    /// Whether it can run in `wanted`, where none means all.
    fn has_engine(self, wanted: &[Engine]) -> bool {
        // What the bundlers build is the same for all engines: one will do.
        let is_in_one = self == Stage::Bundlers;
        !is_in_one || wanted.is_empty() || wanted.contains(&Engine::Chromium)
    }

    fn needs_browser(self) -> bool {
        matches!(self, Stage::Wasm | Stage::Bundlers | Stage::E2e)
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
/// The stages that cargo compiles come first, one after the other, since they keep all cores busy.
/// Then the tests in engines and tools run beside each other.
pub fn run(only: &[Stage], engines: &[Engine]) -> Result<()> {
    let start = Instant::now();
    let stages: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|(stage, ..)| only.is_empty() || only.contains(stage))
        .filter(|(stage, ..)| stage.has_engine(engines))
        .collect();
    let chosen: Vec<_> = stages.iter().map(|(stage, ..)| *stage).collect();
    let engines = set_up(&chosen, engines)?;

    let mut total = Tally::default();
    let mut failures = Vec::new();
    let mut fail = |total: &mut Tally, title: &str, error: &Error| {
        eprintln!("error: {title}: {error:#}");
        // A stage can fail with no test to blame, by not compiling.
        total.failed = total.failed.max(1);
        failures.push(title.to_owned());
    };
    for (stage, _, title) in &stages {
        let mut tally = Tally::default();
        let outcome = match stage {
            Stage::Check => heading(title, check::run),
            Stage::Native => heading(title, || native(&mut tally)),
            _ => continue,
        };
        if let Err(error) = outcome {
            fail(&mut tally, title, &error);
        }
        total += tally;
    }

    let needs_package = chosen.iter().any(|stage| stage.needs_package());
    let package = needs_package.then(package::build).transpose()?;
    let mut jobs = Vec::new();
    for (stage, _, title) in stages.iter().rev() {
        let prepared = match (stage, &package) {
            (Stage::Types, Some(_)) => heading(title, types).map(|()| Vec::new()),
            (Stage::E2e, Some(package)) => browsers::end_to_end(package, &engines),
            (Stage::Bundlers, Some(package)) => in_bundlers(package, &engines),
            (Stage::Packaging, Some(package)) => packaging(package),
            (Stage::Wasm, _) => browsers::wasm(&engines),
            _ => continue,
        };
        match prepared {
            Ok(prepared) => jobs.extend(prepared),
            Err(error) => fail(&mut total, title, &error),
        }
    }
    failures.extend(jobs::run_all(jobs, &mut total));

    println!("\nAll of it took {:.0} s.", start.elapsed().as_secs_f64());
    if total.skipped > 0 {
        println!("{} tests were left out.", total.skipped);
    }
    println!(
        "thetaone-web: {} passed, {} failed",
        total.passed, total.failed
    );
    if failures.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failures.join("; "))
}

fn heading(title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n━━ {title} ━━");
    work()
}

/// Fetches everything first, so that a lack shows before the long steps.
fn set_up(stages: &[Stage], wanted: &[Engine]) -> Result<Vec<Installed>> {
    node::ensure()?;
    rust::ensure_wasm_target()?;
    if stages.iter().any(|stage| stage.needs_package()) {
        package::set_up()?;
        node::install_locked("tests")?;
    }
    if stages.contains(&Stage::Types) || stages.contains(&Stage::Bundlers) {
        // The types of the hooks are made of those of React.
        node::install_locked(bundlers::REACT)?;
    }
    if stages.contains(&Stage::Bundlers) {
        bundlers::set_up()?;
    }
    if stages.contains(&Stage::E2e) {
        demo::set_up()?;
    }
    if stages.contains(&Stage::Native) || stages.contains(&Stage::E2e) {
        // Fetched here; the tests that need it say what is missing.
        let _ = listening::for_tests();
    }
    let mut engines = Vec::new();
    if stages.iter().any(|stage| stage.needs_browser()) {
        for engine in Engine::ALL {
            if !wanted.is_empty() && !wanted.contains(&engine) {
                continue;
            }
            match engine.obstacle() {
                Some(why) => println!("No test runs in {}: {why}.", engine.title()),
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

/// The tests that listen, which need the engine; they are skipped where it cannot be had.
fn listen(tally: &mut Tally) -> Result<()> {
    let engine = match listening::for_tests() {
        Ok(engine) => engine,
        Err(reason) => {
            println!("The tests that listen are left out: {reason}.");
            tally.skipped += 1;
            return Ok(());
        }
    };
    let mut command = project::cargo();
    command
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .args(["--features=emulator/listen", "--test=listening"])
        .env("LISTENING_ENGINE", engine);
    process::watch(&mut command, |line| *tally += Tally::of_line(line))
}

fn native(tally: &mut Tally) -> Result<()> {
    // The runner is somebody else's program and has no tests of its own.
    let arguments = [
        "test",
        "--locked",
        "--workspace",
        "--exclude=wasm-test-runner",
        "--no-fail-fast",
    ];
    process::watch(project::cargo().args(arguments), |line| {
        *tally += Tally::of_line(line)
    })?;
    ensure!(!tally.is_empty(), "no test was found");
    listen(tally)
}

/// The names of the test files that run in a browser.
pub fn browser_tests() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(project::path("tests")).context("tests/ cannot be read")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name
            .strip_suffix(".rs")
            .filter(|stem| stem.starts_with("browser"))
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn types() -> Result<()> {
    if !project::path("tests/types").is_dir() {
        println!("There is no tests/types/, so there is nothing to check.");
        return Ok(());
    }
    process::run(node::node("tests")?.arg("types/examples.mjs"))?;
    // As a bundler finds the modules, and as Node does; and with the types of the oldest React.
    for project in [
        "types",
        "types/tsconfig.nodenext.json",
        "types/tsconfig.react-18.json",
    ] {
        let compiler = "node_modules/typescript/bin/tsc";
        process::run(node::node("tests")?.args([compiler, "--noEmit", "-p", project]))?;
    }
    // The scripts of the package, by their JSDoc types and against the declarations.
    process::run(node::node("tests")?.arg("types/javascript/check.mjs"))
}

/// Node's own test runner on a folder of the repository's tests.
pub fn node_test(folder: &Path) -> Result<Command> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", project::shown(folder)))?
    {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(
        !files.is_empty(),
        "{} holds no *.test.mjs",
        project::shown(folder)
    );
    let mut command = node::node("tests")?;
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .arg(format!("--test-timeout={NODE_TEST_MILLISECONDS}"))
        .args(files)
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR");
    Ok(command)
}

fn packaging(package: &Package) -> Result<Vec<Job<'_>>> {
    let mut command = node_test(&project::path("tests/packaging"))?;
    command.env("THETAONE_TARBALL", &package.tarball);
    let job = Job::new("the packed npm package", move |report| report.add(command));
    Ok(vec![job])
}

fn in_bundlers<'a>(package: &Package, engines: &[Installed]) -> Result<Vec<Job<'a>>> {
    let chromium = engines.iter().find(|one| one.engine == Engine::Chromium);
    let chromium = chromium.context("the tools are tried in Chromium, which was left out")?;
    let (running, address) = bundlers::prepare(package)?;
    let mut command = node_test(&project::path("tests/bundlers"))?;
    command
        .env("EMULATOR_URL", address)
        .env("CHROMIUM", &chromium.browser);
    let job = Job::new("the package in every tool", move |report| {
        let _running = running;
        report.add(command)
    });
    let mut command = node_test(&project::path(bundlers::REACT))?;
    command.env("CHROMIUM", &chromium.browser);
    let hooks = Job::new("the hooks in every React", move |report| {
        report.add(command)
    });
    Ok(vec![job, hooks])
}
