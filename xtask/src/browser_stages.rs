//! The stages that run in the browser engines.

use std::io::Write;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Result, bail, ensure};

use crate::engine::{Engine, Installed, on_display};
use crate::exclusions::Exclusion;
use crate::package::Package;
use crate::service::Service;
use crate::sound::Sound;
use crate::tally::Tally;
use crate::test_suite::{browser_tests, node_test};
use crate::{demo, exclusions, process, progress, project, rust};

/// How long a whole file of wasm tests may take; a hang must end some time.
const WASM_TEST_SECONDS: &str = "300";

/// How many engines run at a time. They wait more than they work, but three are
/// too much for two cores: some tests look at how smoothly it goes.
const LANES: usize = 2;

/// What a stage in one engine says and counts. The engines run beside each
/// other, so it is shown when it is complete.
#[derive(Default)]
struct Report {
    text: Vec<u8>,
    tally: Tally,
}

impl Report {
    fn add(&mut self, command: Command) -> Result<()> {
        let Report { text, tally } = self;
        process::record(command, text, |line| *tally += Tally::of_line(line))
    }

    fn exclude(&mut self, engine: Engine, exclusions: &[Exclusion]) -> Result<()> {
        for exclusion in exclusions {
            writeln!(self.text, "Left out in {}: {exclusion}", engine.title())?;
        }
        Ok(())
    }
}

/// Runs one stage in every engine, and goes on where one of them fails.
fn in_each(
    engines: &[Installed],
    tally: &mut Tally,
    run: impl Fn(&Installed, &mut Report) -> Result<()> + Sync,
) -> Result<()> {
    let waiting = Mutex::new(engines.iter());
    let shown = Mutex::new((tally, Vec::new()));
    let work = || {
        // The guard must not live as long as the work.
        let next = || lock(&waiting).next();
        while let Some(installed) = next() {
            let title = installed.engine.title();
            let mut report = Report::default();
            let outcome = run(installed, &mut report).and_then(|()| {
                ensure!(!report.tally.is_empty(), "no test was found");
                Ok(())
            });
            let mut shown = lock(&shown);
            let (total, failed) = &mut *shown;
            println!("\n── {title}");
            print!("{}", String::from_utf8_lossy(&report.text));
            if let Err(error) = outcome {
                println!("error: {title}: {error:#}");
                failed.push(title);
            }
            let counted = report.tally;
            println!(
                "{title}: {} passed, {} failed, {} left out",
                counted.passed, counted.failed, counted.skipped
            );
            **total += counted;
        }
    };
    thread::scope(|scope| {
        for _ in 0..LANES.min(engines.len()) {
            scope.spawn(work);
        }
    });
    let failed = mem::take(&mut lock(&shown).1);
    if failed.is_empty() {
        return Ok(());
    }
    bail!("not well in {}", failed.join(", "))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// wasm-bindgen's tests.
pub fn wasm(engines: &[Installed], tally: &mut Tally) -> Result<()> {
    let runner = progress::step("Building the test runner", || {
        rust::build_binary("wasm-test-runner")
    })?;
    let names = browser_tests()?;
    ensure!(!names.is_empty(), "there is no tests/browser*.rs");
    progress::step("Compiling the tests", || {
        process::run_quietly(wasm_tests(project::cargo(), &names).arg("--no-run"))
    })?;
    in_each(engines, tally, |installed, report| {
        wasm_in(installed, &runner, &names, report)
    })
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
    let excluded = exclusions::of(engine, "tests/browser")?;
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
    let sound = sound_for(engine)?;
    if let Some(sound) = &sound {
        command.env("PULSE_SERVER", sound.server());
    }
    report.add(command)
}

/// The end-to-end tests.
pub fn end_to_end(package: &Package, engines: &[Installed], tally: &mut Tally) -> Result<()> {
    demo::build_page(package)?;
    let executable = progress::step("Building the demo server", demo::build_server)?;
    in_each(engines, tally, |installed, report| {
        let mut server = demo::server(&executable, 0);
        // The tests must never reach the real API, whatever the developer has set.
        server
            .env_remove("THETA_ONE_API_KEY")
            .env_remove("THETA_ONE_BASE_URL");
        // One for each: the tests look at everything that arrived.
        let (_running, address) = Service::start(&mut server, demo::READY)?;
        end_to_end_in(installed, &address, package, report)
    })
}

fn end_to_end_in(
    installed: &Installed,
    address: &str,
    package: &Package,
    report: &mut Report,
) -> Result<()> {
    let engine = installed.engine;
    // Each of these says for itself that it is skipped, and is counted so.
    report.exclude(engine, &exclusions::of(engine, "tests/e2e/")?)?;
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
    report.add(command)
}

/// Only Chromium needs no sound device to run an audio context.
fn sound_for(engine: Engine) -> Result<Option<Sound>> {
    (engine != Engine::Chromium)
        .then(|| Sound::start(engine.name()))
        .transpose()
}
