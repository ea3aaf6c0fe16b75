//! Finds the browser engines, and installs them where that is possible.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use serde_json::{Value, json};

use crate::setup::{apt, rust};
use crate::{cache, process, progress, project};

/// The engines that the tests run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, or Chrome.
    Chromium,
    /// Any Firefox.
    Firefox,
    /// WebKitGTK's MiniBrowser, which has Safari's engine on Linux.
    WebKit,
}

/// A program: the variable that may name it, and the names to search for.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
}

/// The programs of an engine, and the Debian packages that bring them.
struct EngineSpec {
    name: &'static str,
    title: &'static str,
    browser: Program,
    driver: Program,
    /// Further programs that must be on the PATH.
    helpers: &'static [&'static str],
    debian_packages: &'static [&'static str],
}

/// Debian has no package of geckodriver, so cargo installs it. The version is pinned, so that a new
/// release cannot change the tests.
const GECKODRIVER: &str = "geckodriver@0.37.1";

const CHROMIUM: EngineSpec = EngineSpec {
    name: "chromium",
    title: "Chromium",
    browser: Program {
        variable: "CHROMIUM",
        names: &[
            "chromium",
            "chromium-browser",
            "google-chrome-stable",
            "google-chrome",
            "chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        ],
    },
    driver: Program {
        variable: "CHROMEDRIVER",
        names: &["chromedriver", "/usr/lib/chromium/chromedriver"],
    },
    helpers: &[],
    debian_packages: &["chromium", "chromium-driver"],
};

const FIREFOX: EngineSpec = EngineSpec {
    name: "firefox",
    title: "Firefox",
    browser: Program {
        variable: "FIREFOX",
        names: &["firefox-esr", "firefox"],
    },
    driver: Program {
        variable: "GECKODRIVER",
        names: &["geckodriver"],
    },
    helpers: &["pulseaudio", "pactl", "pacat"],
    debian_packages: &["firefox-esr", "pulseaudio", "pulseaudio-utils"],
};

const WEBKIT: EngineSpec = EngineSpec {
    name: "webkit",
    title: "WebKitGTK",
    browser: Program {
        variable: "MINIBROWSER",
        names: &[
            "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
            "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
            "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
            "/usr/lib/webkit2gtk-4.1/MiniBrowser",
        ],
    },
    driver: Program {
        variable: "WEBKITWEBDRIVER",
        names: &["WebKitWebDriver"],
    },
    helpers: &["xvfb-run", "pulseaudio", "pactl"],
    // Without the plug-ins WebKitGTK has no MediaRecorder, no audio decoder and no audio output.
    debian_packages: &[
        "webkit2gtk-driver",
        "xvfb",
        "xauth",
        "gstreamer1.0-plugins-good",
        "gstreamer1.0-plugins-bad",
        "gstreamer1.0-libav",
        "gstreamer1.0-pulseaudio",
        "pulseaudio",
        "pulseaudio-utils",
    ],
};

impl Engine {
    /// All engines, in the order in which the tests run.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    fn spec(self) -> &'static EngineSpec {
        match self {
            Engine::Chromium => &CHROMIUM,
            Engine::Firefox => &FIREFOX,
            Engine::WebKit => &WEBKIT,
        }
    }

    /// Returns the name after `--engine`.
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Returns the name for people.
    pub fn title(self) -> &'static str {
        self.spec().title
    }

    /// Returns why the tests cannot run in this engine on this system, or `None` if they can.
    pub fn unsupported_reason(self) -> Option<&'static str> {
        match self {
            Engine::Firefox if !cfg!(target_os = "linux") => {
                Some("its microphone is a private PulseAudio, which runs on Linux only")
            }
            Engine::WebKit if !cfg!(target_os = "linux") => Some("it runs on Linux only"),
            _ => None,
        }
    }
}

impl FromStr for Engine {
    type Err = Error;

    fn from_str(name: &str) -> Result<Engine> {
        let found = Engine::ALL.into_iter().find(|engine| engine.name() == name);
        found.with_context(|| {
            let names = Engine::ALL.map(Engine::name).join(", ");
            format!("there is no engine `{name}`; there are {names}")
        })
    }
}

/// An engine that is installed.
pub struct InstalledEngine {
    /// The engine.
    pub engine: Engine,
    /// The executable of the browser.
    pub browser: PathBuf,
    /// The executable of its WebDriver.
    pub driver: PathBuf,
}

/// Finds a browser and its driver, and installs them if [`apt::is_allowed`].
pub fn ensure(engine: Engine) -> Result<InstalledEngine> {
    let spec = engine.spec();
    let has_cargo_driver = engine == Engine::Firefox;
    let lacks = |spec: &EngineSpec| -> Result<bool> {
        let has_driver = has_cargo_driver || locate(&spec.driver)?.is_some();
        let has_helpers = spec.helpers.iter().all(|name| which::which(name).is_ok());
        Ok(locate(&spec.browser)?.is_none() || !has_driver || !has_helpers)
    };
    if lacks(spec)? {
        if !apt::is_allowed() {
            bail!(
                "the tests in {} need {} and related programs: install what is missing (Debian and Ubuntu: `sudo apt-get \
                 install {}`), name the programs in the environment variables {} and {}, or leave the engine out \
                 with --engine",
                spec.title,
                [spec.browser.names[0], spec.driver.names[0]].join(", "),
                spec.debian_packages.join(" "),
                spec.browser.variable,
                spec.driver.variable,
            );
        }
        let what = format!("Installing {} from Debian's packages", spec.title);
        progress::step(&what, || apt::install(spec.debian_packages))?;
    }
    if has_cargo_driver && locate(&spec.driver)?.is_none() && !geckodriver()?.is_file() {
        progress::step("Building geckodriver, once", install_geckodriver)?;
    }
    let missing = || format!("the installed packages contain no {}", spec.title);
    let driver = match locate(&spec.driver)? {
        None if has_cargo_driver => Some(geckodriver()?),
        found => found,
    };
    Ok(InstalledEngine {
        engine,
        browser: locate(&spec.browser)?.with_context(missing)?,
        driver: driver.with_context(missing)?,
    })
}

fn locate(program: &Program) -> Result<Option<PathBuf>> {
    let variable = program.variable;
    if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return which::which(&named).ok().map(Some).with_context(|| {
            let named = named.display();
            format!("{variable} is set to {named}, which is not an executable")
        });
    }
    let mut names = program.names.iter();
    Ok(names.find_map(|name| which::which(name).ok()))
}

fn geckodriver_folder() -> Result<PathBuf> {
    rust::tool_folder(GECKODRIVER)
}

fn geckodriver() -> Result<PathBuf> {
    Ok(geckodriver_folder()?.join("bin/geckodriver"))
}

fn install_geckodriver() -> Result<()> {
    // A debug build is fast enough, because geckodriver mostly waits. A release build takes twice
    // as long to compile.
    let arguments = ["install", "--quiet", "--debug", GECKODRIVER, "--root"];
    process::run(project::cargo().args(arguments).arg(geckodriver_folder()?))
}

impl InstalledEngine {
    /// Returns the version that the browser prints.
    pub fn version(&self) -> Result<String> {
        let mut command = with_display(self.engine, &self.browser);
        let version = process::read(command.arg("--version"))?;
        Ok(version.trim().to_owned())
    }

    /// Writes a file with the WebDriver capabilities from `webdriver.json` and the path of this
    /// browser. Without a path, a driver starts the first browser that it finds.
    pub fn capabilities(&self) -> Result<PathBuf> {
        let key = match self.engine {
            Engine::Chromium => "goog:chromeOptions",
            Engine::Firefox => "moz:firefoxOptions",
            Engine::WebKit => "webkitgtk:browserOptions",
        };
        let committed = project::path("webdriver.json");
        let text = fs::read_to_string(&committed).context("webdriver.json cannot be read")?;
        let all: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
        let mut options = all[key].clone();
        options["binary"] = self.browser.display().to_string().into();
        let file = cache::directory()?.join(format!("{}.webdriver.json", self.engine.name()));
        fs::write(&file, json!({ key: options }).to_string())?;
        Ok(file)
    }

    /// Returns the variable in which `wasm-bindgen-test-runner` expects the driver.
    pub fn driver_variable(&self) -> &'static str {
        match self.engine {
            Engine::Chromium => "CHROMEDRIVER",
            // The runner has no variable for WebKitGTK. Its requests to geckodriver follow the
            // WebDriver standard, so that WebKitWebDriver understands them too.
            Engine::Firefox | Engine::WebKit => "GECKODRIVER",
        }
    }
}

/// Returns a command for `program`, with a virtual display if the engine needs one.
pub fn with_display(engine: Engine, program: &Path) -> Command {
    if engine != Engine::WebKit {
        return Command::new(program);
    }
    let mut command = Command::new("xvfb-run");
    command.arg("--auto-servernum").arg(program);
    command
}
