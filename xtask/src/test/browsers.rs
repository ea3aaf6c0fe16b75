//! The stages of the test suite that run in browser engines.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;

use anyhow::{Result, ensure};

use crate::build::package::Package;
use crate::build::page;
use crate::setup::engine::{Engine, InstalledEngine, with_display};
use crate::setup::listening;
use crate::setup::pulseaudio::PulseAudio;
use crate::setup::rust;
use crate::test::files::{browser_tests, node_test, node_test_files, node_tests};
use crate::test::jobs::{Job, Report};
use crate::test::skips::{self, SkippedTest};
use crate::{demo, emulator, process, progress, project};

/// The time limit of a file of wasm tests, so that a hang ends.
const WASM_TEST_SECONDS: &str = "300";

impl Report {
    fn skip(&mut self, what: &str, reason: &str) -> Result<()> {
        writeln!(self.text, "Left out: {what}: {reason}")?;
        self.counts.skipped += 1;
        Ok(())
    }

    fn list_skipped(&mut self, engine: Engine, skipped: &[SkippedTest]) -> Result<()> {
        for test in skipped {
            writeln!(self.text, "Left out in {}: {test}", engine.title())?;
        }
        Ok(())
    }
}

/// Compiles the wasm-bindgen tests. Returns a job for each engine.
pub fn wasm(engines: &[InstalledEngine]) -> Result<Vec<Job<'_>>> {
    let runner = progress::step("Building the test runner", || {
        rust::build_binary("wasm-test-runner")
    })?;
    let names = browser_tests()?;
    ensure!(!names.is_empty(), "there is no tests/browser*.rs");
    progress::step("Compiling the tests", || {
        process::run_quietly(wasm_tests(project::cargo(), &names).arg("--no-run"))
    })?;
    Ok(engines
        .iter()
        .map(|installed| {
            let (runner, names) = (runner.clone(), names.clone());
            let title = format!("wasm tests in {}", installed.engine.title());
            let seconds = match installed.engine {
                Engine::Chromium => 60,
                Engine::Firefox => 110,
                Engine::WebKit => 340,
            };
            Job::new(title, move |report| {
                wasm_in(installed, &runner, &names, report)
            })
            .expected_seconds(seconds)
        })
        .collect())
}

fn wasm_tests(mut cargo: Command, names: &[String]) -> Command {
    cargo
        .current_dir(project::root())
        // Otherwise every page loads the names of all functions.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .args(["test", "--locked", "--package=thetaone-web"])
        .arg("--no-fail-fast")
        .args(["--target", rust::WASM]);
    for name in names {
        cargo.args(["--test", name]);
    }
    cargo
}

fn wasm_in(
    installed: &InstalledEngine,
    runner: &Path,
    names: &[String],
    report: &mut Report,
) -> Result<()> {
    let engine = installed.engine;
    let skipped = skips::in_engine(engine, "tests/browser")?;
    report.list_skipped(engine, &skipped)?;
    report.counts.skipped += skipped.len() as u64;

    let cargo = PathBuf::from(project::cargo().get_program());
    let capabilities = installed.capabilities()?;
    let pulseaudio = PulseAudio::for_engine(engine, "wasm")?;
    report.add_repeatable("tests/browser*.rs", || {
        let mut command = wasm_tests(with_display(engine, &cargo), names);
        command.args(["--", "--exact"]);
        for test in &skipped {
            command.args(["--skip", &test.test]);
        }
        command
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            // The runner would use the driver of another engine, if a variable names it.
            .env_remove("CHROMEDRIVER")
            .env_remove("GECKODRIVER")
            .env(installed.driver_variable(), &installed.driver)
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS)
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities);
        if let Some(pulseaudio) = &pulseaudio {
            command.env("PULSE_SERVER", pulseaudio.server());
        }
        command
    })
}

/// The folder of the page that the end-to-end tests use.
pub const SITE: &str = "tests/e2e/site";

/// The folder of the tests of the demo's server, which need no browser.
const SERVER_TESTS: &str = "tests/demo-server";

/// Builds the pages and the emulator. Returns a job for the tests of the demo's server, and a job for
/// each engine, which runs the end-to-end tests.
pub fn end_to_end<'a>(
    package: &'a Package,
    engines: &'a [InstalledEngine],
) -> Result<Vec<Job<'a>>> {
    page::build(SITE, package)?;
    demo::build_page(package)?;
    let executable = emulator::build()?;
    let mut jobs = vec![demo_server(executable.clone())];
    for installed in engines {
        let executable = executable.clone();
        let title = format!("end to end in {}", installed.engine.title());
        let seconds = match installed.engine {
            Engine::Chromium => 260,
            Engine::Firefox | Engine::WebKit => 410,
        };
        let job = Job::new(title, move |report| {
            end_to_end_in(installed, "tests/e2e/", &executable, None, package, report)?;
            // Only Chromium plays any file into its microphone without a sound device.
            if installed.engine != Engine::Chromium {
                return Ok(());
            }
            let speech_engine = match listening::for_tests() {
                Ok(folder) => folder,
                Err(reason) => return report.skip("the emulator that listens", reason),
            };
            let folder = "tests/e2e/listening/";
            let speech_engine = Some(speech_engine.as_path());
            end_to_end_in(
                installed,
                folder,
                &executable,
                speech_engine,
                package,
                report,
            )
        });
        jobs.push(job.expected_seconds(seconds));
    }
    Ok(jobs)
}

/// Returns the job that runs the tests of the demo's server.
fn demo_server<'a>(executable: PathBuf) -> Job<'a> {
    Job::new("the demo's server", move |report| {
        let (_emulator, address) = emulator::start(&executable, None)?;
        let mut command = node_test(&project::path(SERVER_TESTS))?;
        command.env("EMULATOR_URL", address);
        report.add(command)
    })
    .expected_seconds(10)
}

/// Runs the tests in `folder`, with an emulator and a server of their own, because the tests inspect
/// all requests that the emulator got.
fn end_to_end_in(
    installed: &InstalledEngine,
    folder: &str,
    executable: &Path,
    speech_engine: Option<&Path>,
    package: &Package,
    report: &mut Report,
) -> Result<()> {
    let (_emulator, emulator) = emulator::start(executable, speech_engine)?;
    let (_site_server, site) = demo::start_server(SITE, &emulator)?;
    let (_demo_server, demo) = demo::start_server(demo::FOLDER, &emulator)?;
    let environment = [
        ("SITE_URL", OsStr::new(&site)),
        ("DEMO_URL", OsStr::new(&demo)),
        ("EMULATOR_URL", OsStr::new(&emulator)),
        ("THETAONE_TARBALL", package.tarball.as_os_str()),
    ];
    node_tests_in(installed, folder, &environment, report)
}

/// Builds the demo page and the emulator. Returns a job for each engine, which runs the tests of the
/// page in it.
pub fn demo_page<'a>(package: &Package, engines: &'a [InstalledEngine]) -> Result<Vec<Job<'a>>> {
    demo::build_page(package)?;
    let executable = emulator::build()?;
    let mut jobs = Vec::new();
    for installed in engines {
        let executable = executable.clone();
        let title = format!("the demo page in {}", installed.engine.title());
        let job = Job::new(title, move |report| {
            let (_emulator, emulator) = emulator::start(&executable, None)?;
            let (_server, address) = demo::start_server(demo::FOLDER, &emulator)?;
            let environment = [("DEMO_URL", OsStr::new(&address))];
            node_tests_in(installed, "tests/demo/", &environment, report)
        });
        jobs.push(job.expected_seconds(150));
    }
    Ok(jobs)
}

/// Returns a job for each engine, which runs the tests of the package's JavaScript in it.
pub fn javascript(engines: &[InstalledEngine]) -> Vec<Job<'_>> {
    let mut jobs = Vec::new();
    for installed in engines {
        let title = format!("JavaScript in {}", installed.engine.title());
        let job = Job::new(title, move |report| {
            node_tests_in(installed, "tests/js/", &[], report)
        });
        jobs.push(job.expected_seconds(300));
    }
    jobs
}

/// Builds the emulator. Returns a job for each engine, which runs the tests of the custom elements
/// in it.
pub fn elements(engines: &[InstalledEngine]) -> Result<Vec<Job<'_>>> {
    let executable = emulator::build()?;
    let mut jobs = Vec::new();
    for installed in engines {
        let executable = executable.clone();
        let title = format!("the elements in {}", installed.engine.title());
        jobs.push(Job::new(title, move |report| {
            let (_emulator, address) = emulator::start(&executable, None)?;
            let environment = [("EMULATOR_URL", OsStr::new(&address))];
            node_tests_in(installed, "tests/elements/", &environment, report)
        }));
    }
    Ok(jobs)
}

/// Runs the files of a folder one after the other with Node, which drives the engine. A file that
/// fails is repeated once.
fn node_tests_in(
    installed: &InstalledEngine,
    folder: &str,
    environment: &[(&str, &OsStr)],
    report: &mut Report,
) -> Result<()> {
    let engine = installed.engine;
    // The tests read the table themselves, and report that they are skipped.
    report.list_skipped(engine, &skips::in_engine(engine, folder)?)?;
    let stage = folder.trim_end_matches('/').replace('/', "-");
    let pulseaudio = PulseAudio::for_engine(engine, &stage)?;
    let capabilities = installed.capabilities()?;
    let mut outcome = Ok(());
    for file in node_tests(&project::path(folder))? {
        let tests = node_test_files(slice::from_ref(&file))?;
        let command = || {
            let mut command = with_display(engine, Path::new(tests.get_program()));
            command
                .args(tests.get_args())
                .current_dir(project::path("tests"))
                .env("NO_COLOR", "1")
                .env_remove("FORCE_COLOR")
                .env("ENGINE", engine.name())
                .env("BROWSER", &installed.browser)
                .env("DRIVER", &installed.driver)
                .env("CAPABILITIES", &capabilities)
                .envs(environment.iter().copied());
            if let Some(pulseaudio) = &pulseaudio {
                command.env("PULSE_SERVER", pulseaudio.server());
            }
            command
        };
        let ran = report.add_repeatable(&project::relative(&file), command);
        outcome = outcome.and(ran);
    }
    outcome
}
