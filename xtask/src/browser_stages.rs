//! The stages that run in the browser engines, one engine after the other.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::engine::{Engine, Installed, on_display};
use crate::package::Package;
use crate::service::Service;
use crate::sound::Sound;
use crate::tally::Tally;
use crate::test_suite::{browser_tests, count, node_test};
use crate::{demo, exclusions, progress, project, rust};

/// How long a whole file of wasm tests may take; a hang must end some time.
const WASM_TEST_SECONDS: &str = "300";

/// Runs one stage in every engine, and goes on where one of them fails.
fn in_each(
    engines: &[Installed],
    tally: &mut Tally,
    run: impl Fn(&Installed, &mut Tally) -> Result<()>,
) -> Result<()> {
    let mut failed = Vec::new();
    for installed in engines {
        let title = installed.engine.title();
        println!("\n── {title}");
        let mut own = Tally::default();
        let outcome = run(installed, &mut own).and_then(|()| {
            ensure!(!own.is_empty(), "no test was found");
            Ok(())
        });
        if let Err(error) = outcome {
            eprintln!("error: {title}: {error:#}");
            failed.push(title);
        }
        let Tally {
            passed,
            failed,
            skipped,
        } = own;
        println!("{title}: {passed} passed, {failed} failed, {skipped} left out");
        *tally += own;
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("not well in {}", failed.join(", "))
}

/// wasm-bindgen's tests.
pub fn wasm(engines: &[Installed], tally: &mut Tally) -> Result<()> {
    let runner = progress::step("Building the test runner", || {
        rust::build_binary("wasm-test-runner")
    })?;
    let names = browser_tests()?;
    ensure!(!names.is_empty(), "there is no tests/browser*.rs");
    in_each(engines, tally, |installed, tally| {
        wasm_in(installed, &runner, &names, tally)
    })
}

fn wasm_in(
    installed: &Installed,
    runner: &Path,
    names: &[String],
    tally: &mut Tally,
) -> Result<()> {
    let engine = installed.engine;
    let excluded = exclusions::of(engine, "tests/browser")?;
    exclusions::print(engine, &excluded);
    tally.skipped += excluded.len() as u64;

    let cargo = PathBuf::from(project::cargo().get_program());
    let mut command = on_display(engine, &cargo);
    command
        .current_dir(project::root())
        .args(["test", "--package=thetaone-web", "--no-fail-fast"])
        .args(["--target", rust::WASM]);
    for name in names {
        command.args(["--test", name]);
    }
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
    let sound = sound_for(engine)?;
    if let Some(sound) = &sound {
        command.env("PULSE_SERVER", sound.server());
    }
    count(&mut command, tally)
}

/// The end-to-end tests.
pub fn end_to_end(package: &Package, engines: &[Installed], tally: &mut Tally) -> Result<()> {
    demo::build_page(package)?;
    let executable = progress::step("Building the demo server", demo::build_server)?;
    let mut server = demo::server(&executable, 0);
    // The tests must never reach the real API, whatever the developer has set.
    server
        .env_remove("THETA_ONE_API_KEY")
        .env_remove("THETA_ONE_BASE_URL");
    let (_running, address) = Service::start(&mut server, demo::READY)?;
    in_each(engines, tally, |installed, tally| {
        end_to_end_in(installed, &address, package, tally)
    })
}

fn end_to_end_in(
    installed: &Installed,
    address: &str,
    package: &Package,
    tally: &mut Tally,
) -> Result<()> {
    let engine = installed.engine;
    // Each of these says for itself that it is skipped, and is counted so.
    exclusions::print(engine, &exclusions::of(engine, "tests/e2e/")?);
    let tests = node_test(&project::path("tests/e2e"))?;
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
    let sound = sound_for(engine)?;
    if let Some(sound) = &sound {
        command.env("PULSE_SERVER", sound.server());
    }
    count(&mut command, tally)
}

/// Only Chromium needs no sound device to run an audio context.
fn sound_for(engine: Engine) -> Result<Option<Sound>> {
    (engine != Engine::Chromium).then(Sound::start).transpose()
}
