//! `cargo xtask test`: every test there is, and one line that adds them up.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::browser::{self, Browser};
use crate::package::{self, Package};
use crate::service::Service;
use crate::tally::Tally;
use crate::{bundlers, checks, demo, node, process, progress, project, rust};

/// How long a whole file of browser tests may take; a hang must end some time.
const BROWSER_TEST_SECONDS: &str = "300";
/// The same for one file of end-to-end tests.
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
        (Stage::Wasm, "wasm", "wasm tests in the browser"),
        (Stage::Types, "types", "TypeScript types"),
        (Stage::Packaging, "packaging", "the packed npm package"),
        (Stage::Bundlers, "bundlers", "the package in every tool"),
        (Stage::E2e, "e2e", "the demo page, end to end"),
    ];

    /// Whether the stage consists of tests, and so must not be without any.
    fn has_tests(self) -> bool {
        !matches!(self, Stage::Check | Stage::Types)
    }

    fn needs_package(self) -> bool {
        !matches!(self, Stage::Check | Stage::Native | Stage::Wasm)
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

/// What the stages share.
struct Suite {
    browser: Option<Browser>,
    package: Option<Package>,
}

/// Runs the suite, or only some stages of it.
pub fn run(only: &[Stage]) -> Result<()> {
    let start = Instant::now();
    let stages: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|(stage, ..)| only.is_empty() || only.contains(stage))
        .collect();
    let mut suite = set_up(&stages.iter().map(|(stage, ..)| *stage).collect::<Vec<_>>())?;

    let mut total = Tally::default();
    let mut failures = Vec::new();
    for (stage, _, title) in stages {
        println!("\n━━ {title} ━━");
        let mut tally = Tally::default();
        let outcome = suite.run(stage, &mut tally).and_then(|()| {
            ensure!(!stage.has_tests() || !tally.is_empty(), "no test was found");
            Ok(())
        });
        if outcome.is_err() || tally.failed > 0 {
            // A stage can fail with no test to blame, by not compiling.
            tally.failed = tally.failed.max(1);
            failures.push(title);
        }
        if let Err(error) = outcome {
            eprintln!("error: {title}: {error:#}");
        }
        total += tally;
    }

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

/// Fetches everything first, so that a lack shows before the long steps.
fn set_up(stages: &[Stage]) -> Result<Suite> {
    node::ensure()?;
    rust::ensure_wasm_target()?;
    if stages.iter().any(|stage| stage.needs_package()) {
        package::set_up()?;
        node::install_locked("tests")?;
    }
    if stages.contains(&Stage::Bundlers) {
        bundlers::set_up()?;
    }
    if stages.contains(&Stage::E2e) {
        demo::set_up()?;
    }
    let needs_browser = stages.iter().any(|stage| stage.needs_browser());
    Ok(Suite {
        browser: needs_browser.then(browser::ensure).transpose()?,
        package: None,
    })
}

impl Suite {
    fn run(&mut self, stage: Stage, tally: &mut Tally) -> Result<()> {
        if stage.needs_package() && self.package.is_none() {
            self.package = Some(package::build()?);
        }
        match stage {
            Stage::Check => checks::run(),
            Stage::Native => native(tally),
            Stage::Wasm => wasm(self.browser()?, tally),
            Stage::Types => types(),
            Stage::Packaging => packaging(self.package()?, tally),
            Stage::Bundlers => in_bundlers(self.package()?, self.browser()?, tally),
            Stage::E2e => end_to_end(self.package()?, self.browser()?, tally),
        }
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("no browser was set up")
    }

    fn package(&self) -> Result<&Package> {
        self.package.as_ref().context("no package was built")
    }
}

fn count(command: &mut Command, tally: &mut Tally) -> Result<()> {
    process::watch(command, |line| *tally += Tally::of_line(line))
}

fn native(tally: &mut Tally) -> Result<()> {
    // The runner is somebody else's program and has no tests of its own.
    let arguments = [
        "test",
        "--workspace",
        "--exclude=wasm-test-runner",
        "--no-fail-fast",
    ];
    count(project::cargo().args(arguments), tally)
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

fn wasm(browser: &Browser, tally: &mut Tally) -> Result<()> {
    let runner = progress::step("Building the test runner", || {
        rust::build_binary("wasm-test-runner")
    })?;
    let names = browser_tests()?;
    ensure!(!names.is_empty(), "there is no tests/browser*.rs");
    let mut command = project::cargo();
    command
        .args([
            "test",
            "--package=thetaone-web",
            "--no-fail-fast",
            "--target",
            rust::WASM,
        ])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", &browser.chromedriver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser::webdriver_json(&browser.chromium)?,
        );
    for name in &names {
        command.args(["--test", name]);
    }
    count(&mut command, tally)
}

fn types() -> Result<()> {
    if !project::path("tests/types").is_dir() {
        println!("There is no tests/types/, so there is nothing to check.");
        return Ok(());
    }
    process::run(node::node("tests")?.arg("types/examples.mjs"))?;
    process::run(node::node("tests")?.args([
        "node_modules/typescript/bin/tsc",
        "--noEmit",
        "-p",
        "types",
    ]))
}

/// Node's own test runner on a folder of the repository's tests.
fn node_test(folder: &Path) -> Result<Command> {
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

fn packaging(package: &Package, tally: &mut Tally) -> Result<()> {
    let mut command = node_test(&project::path("tests/packaging"))?;
    count(command.env("THETAONE_TARBALL", &package.tarball), tally)
}

fn in_bundlers(package: &Package, browser: &Browser, tally: &mut Tally) -> Result<()> {
    let (_running, address) = bundlers::prepare(package)?;
    let mut command = node_test(&project::path("tests/bundlers"))?;
    command
        .env("EMULATOR_URL", address)
        .env("CHROMIUM", &browser.chromium);
    count(&mut command, tally)
}

fn end_to_end(package: &Package, browser: &Browser, tally: &mut Tally) -> Result<()> {
    demo::build_page(package)?;
    let executable = progress::step("Building the demo server", demo::build_server)?;
    let mut server = demo::server(&executable, 0);
    // The tests must never reach the real API, whatever the developer has set.
    server
        .env_remove("THETA_ONE_API_KEY")
        .env_remove("THETA_ONE_BASE_URL");
    let (_running, address) = Service::start(&mut server, demo::READY)?;
    let mut command = node_test(&project::path("tests/e2e"))?;
    command
        .env("DEMO_URL", address)
        .env("CHROMIUM", &browser.chromium);
    count(&mut command, tally)
}
