//! The project's commands, `cargo xtask <command>`, which work the same on every system.

mod bench;
mod build;
mod cache;
mod check;
mod demo;
mod docs;
mod emulator;
mod process;
mod progress;
mod project;
mod screenshots;
mod service;
mod setup;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use lexopt::prelude::*;

use crate::build::{package, size};
use crate::setup::engine;
use crate::setup::listening::{self, Consent};

const USAGE: &str = "\
Usage: cargo xtask <command>

  build                 build pkg/, the npm package, and its tarball in target/npm/
  demo [--port 8080]    build, then serve the demo page and the API
    [--listen]          with a speech engine that hears whether the words were spoken
    [--allow-host HOST]…  accept requests for this host too, which a proxy forwards
  fetch-listening [--yes]
                        fetch that engine and a dictionary (--yes: without asking)
  test                  install what is missing, then run every test
    [--only STAGE]…     only these stages
    [--engine NAME]…    only in these browser engines
  check                 formatting, lints, types and dependencies
  size                  build, then list the size of the package's files
  bench [--suite audio] [--json FILE]
                        audio, load, upload, record: build, then measure the package and its peers
                        in a browser
    [--recordings DIR]  listening: measure what the emulator hears, on these recordings too
  docs                  write docs/errors.md, docs/api.md and the generated modules
  screenshots           take the pictures of the demo page in docs/images/

Stages of `test`: check, native, wasm, types, packaging, bundlers, examples, js, elements, demo,
e2e.
Engines: chromium, firefox, webkit (WebKitGTK).
These variables name browsers and drivers that are not on the PATH: CHROMIUM and CHROMEDRIVER,
FIREFOX and GECKODRIVER, MINIBROWSER and WEBKITWEBDRIVER.";

enum Command {
    Build,
    Demo(demo::Options),
    FetchListening {
        consent: Consent,
    },
    Test {
        only: Vec<test::Stage>,
        engines: Vec<engine::Engine>,
    },
    Check,
    Size,
    Bench {
        suite: bench::Suite,
        json: Option<PathBuf>,
        recordings: Option<PathBuf>,
    },
    Docs,
    Screenshots,
    Help,
}

fn parse() -> Result<Command> {
    let mut arguments = lexopt::Parser::from_env();
    let mut command = None;
    while let Some(argument) = arguments.next()? {
        match (argument, &mut command) {
            (Short('h') | Long("help"), _) => return Ok(Command::Help),
            (Value(name), None) => {
                command = Some(match name.string()?.as_str() {
                    "build" => Command::Build,
                    "demo" => Command::Demo(demo::Options {
                        port: 8080,
                        listen: false,
                        allowed_hosts: Vec::new(),
                    }),
                    "fetch-listening" => Command::FetchListening {
                        consent: Consent::Ask,
                    },
                    "test" => Command::Test {
                        only: Vec::new(),
                        engines: Vec::new(),
                    },
                    "check" => Command::Check,
                    "size" => Command::Size,
                    "bench" => Command::Bench {
                        suite: bench::Suite::Audio,
                        json: None,
                        recordings: None,
                    },
                    "docs" => Command::Docs,
                    "screenshots" => Command::Screenshots,
                    "help" => Command::Help,
                    other => bail!("there is no command `{other}`\n\n{USAGE}"),
                });
            }
            (Long("port"), Some(Command::Demo(options))) => {
                options.port = arguments.value()?.parse()?
            }
            (Long("listen"), Some(Command::Demo(options))) => options.listen = true,
            (Long("allow-host"), Some(Command::Demo(options))) => {
                options.allowed_hosts.push(arguments.value()?.string()?)
            }
            (Long("yes"), Some(Command::FetchListening { consent })) => *consent = Consent::Given,
            (Long("recordings"), Some(Command::Bench { recordings, .. })) => {
                *recordings = Some(arguments.value()?.into())
            }
            (Long("only"), Some(Command::Test { only, .. })) => {
                only.push(arguments.value()?.string()?.parse()?)
            }
            (Long("suite"), Some(Command::Bench { suite, .. })) => {
                *suite = arguments.value()?.string()?.parse()?
            }
            (Long("json"), Some(Command::Bench { json, .. })) => {
                *json = Some(arguments.value()?.into())
            }
            (Long("engine"), Some(Command::Test { engines, .. })) => {
                engines.push(arguments.value()?.string()?.parse()?)
            }
            (argument, _) => return Err(argument.unexpected().into()),
        }
    }
    Ok(command.unwrap_or(Command::Help))
}

fn main() -> ExitCode {
    let outcome = parse().and_then(|command| match command {
        Command::Build => package::build().map(|package| {
            println!("\nThe npm package is ready to be published:");
            println!("  {}", project::relative(&package.directory));
            println!("  {}", project::relative(&package.tarball));
        }),
        Command::Demo(options) => demo::serve(&options),
        Command::FetchListening { consent } => listening::ensure(consent)
            .map(|folder| println!("The emulator can listen: --listen {}", folder.display())),
        Command::Test { only, engines } => test::run(&only, &engines),
        Command::Check => check::run(),
        Command::Size => package::build().and_then(|package| size::print(&package.directory)),
        Command::Bench {
            suite,
            json,
            recordings,
        } => bench::run(suite, json.as_deref(), recordings.as_deref()),
        Command::Docs => docs::write(),
        Command::Screenshots => screenshots::take(),
        Command::Help => {
            println!("{USAGE}");
            Ok(())
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
