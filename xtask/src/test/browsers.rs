//! The stages that run in the browser engines.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::build::package::Package;
use crate::service::Service;
use crate::setup::engine::{Engine, Installed, on_display};
use crate::setup::listening;
use crate::setup::pulseaudio::Sound;
use crate::setup::rust;
use crate::test::jobs::{Job, Report};
use crate::test::skips;
use crate::test::skips::Exclusion;
use crate::test::{browser_tests, node_test};
use crate::{demo, process, progress, project};

/// How long a whole file of wasm tests may take; a hang must end some time.
const WASM_TEST_SECONDS: &str = "300";

impl Report {
    fn skip(&mut self, what: &str, reason: &str) -> Result<()> {
        writeln!(self.text, "Left out: {what}: {reason}")?;
        self.tally.skipped += 1;
        Ok(())
    }

    fn exclude(&mut self, engine: Engine, exclusions: &[Exclusion]) -> Result<()> {
        for exclusion in exclusions {
            writeln!(self.text, "Left out in {}: {exclusion}", engine.title())?;
        }
        Ok(())
    }
}

/// Compiles wasm-bindgen's tests; returns a job for each engine.
pub fn wasm(engines: &[Installed]) -> Result<Vec<Job<'_>>> {
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
            Job::new(title, move |report| {
                wasm_in(installed, &runner, &names, report)
            })
        })
        .collect())
}

fn wasm_tests(mut cargo: Command, names: &[String]) -> Command {
    cargo
        .current_dir(project::root())
        // Every page loads the names of all functions else.
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
    installed: &Installed,
    runner: &Path,
    names: &[String],
    report: &mut Report,
) -> Result<()> {
    let engine = installed.engine;
    let excluded = skips::of(engine, "tests/browser")?;
    report.exclude(engine, &excluded)?;
    report.tally.skipped += excluded.len() as u64;

    let cargo = PathBuf::from(project::cargo().get_program());
    let mut command = wasm_tests(on_display(engine, &cargo), names);
    command.args(["--", "--exact"]);
    for exclusion in &excluded {
        command.args(["--skip", &exclusion.test]);
    }
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        // It would take the driver of another engine, were that named too.
        .env_remove("CHROMEDRIVER")
        .env_remove("GECKODRIVER")
        .env(installed.driver_variable(), &installed.driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            installed.capabilities()?,
        );
    let sound = sound_for(engine, "wasm")?;
    if let Some(sound) = &sound {
        command.env("PULSE_SERVER", sound.server());
    }
    report.add(command)
}

/// Builds the demo; returns a job for each engine, which runs the end-to-end tests.
pub fn end_to_end<'a>(package: &'a Package, engines: &'a [Installed]) -> Result<Vec<Job<'a>>> {
    demo::build_page(package)?;
    let executable = progress::step("Building the demo server", demo::build_server)?;
    Ok(engines
        .iter()
        .map(|installed| {
            let executable = executable.clone();
            let title = format!("end to end in {}", installed.engine.title());
            Job::new(title, move |report| {
                let mut server = demo::server(&executable, 0);
                // The tests must never reach the real API, whatever the developer has set.
                server
                    .env_remove("THETA_ONE_API_KEY")
                    .env_remove("THETA_ONE_BASE_URL");
                // One for each: the tests look at everything that arrived.
                let (_running, address) = Service::start(&mut server, demo::READY)?;
                end_to_end_in(installed, "tests/e2e", &address, package, report)?;
                // Only Chromium plays any file into its microphone without a sound device.
                if installed.engine != Engine::Chromium {
                    return Ok(());
                }
                let engine = match listening::for_tests() {
                    Ok(engine) => engine,
                    Err(reason) => return report.skip("the demo that listens", reason),
                };
                demo::listen_with(&mut server, engine);
                let (_listening, address) = Service::start(&mut server, demo::READY)?;
                end_to_end_in(installed, "tests/e2e/listening", &address, package, report)
            })
        })
        .collect())
}

fn end_to_end_in(
    installed: &Installed,
    folder: &str,
    address: &str,
    package: &Package,
    report: &mut Report,
) -> Result<()> {
    let engine = installed.engine;
    // Each of these says for itself that it is skipped, and is counted so.
    report.exclude(engine, &skips::of(engine, "tests/e2e/")?)?;
    let tests = node_test(&project::path(folder))?;
    let mut command = on_display(engine, Path::new(tests.get_program()));
    command
        .args(tests.get_args())
        .current_dir(project::path("tests"))
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .env("DEMO_URL", address)
        .env("THETAONE_TARBALL", &package.tarball)
        .env("ENGINE", engine.name())
        .env("BROWSER", &installed.browser)
        .env("DRIVER", &installed.driver)
        .env("CAPABILITIES", installed.capabilities()?);
    let sound = sound_for(engine, "e2e")?;
    if let Some(sound) = &sound {
        command.env("PULSE_SERVER", sound.server());
    }
    report.add(command)
}

/// Only Chromium needs no sound device to run an audio context.
fn sound_for(engine: Engine, stage: &str) -> Result<Option<Sound>> {
    (engine != Engine::Chromium)
        .then(|| Sound::start(&format!("{stage}-{}", engine.name())))
        .transpose()
}
