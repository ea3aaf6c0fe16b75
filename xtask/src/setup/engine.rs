//! The browser engines: found, or installed where that is possible.

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
    /// WebKitGTK's MiniBrowser: the engine of Safari, on Linux.
    WebKit,
}

/// A program, and where to look for it.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
}

/// How an engine is had.
struct Recipe {
    name: &'static str,
    title: &'static str,
    browser: Program,
    driver: Program,
    /// What else has to be on the PATH.
    helpers: &'static [&'static str],
    debian_packages: &'static [&'static str],
}

/// geckodriver is not among Debian's packages. The version is pinned, because a
/// driver that moved by itself would be a change nobody made.
const GECKODRIVER: &str = "geckodriver@0.37.1";

const CHROMIUM: Recipe = Recipe {
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

const FIREFOX: Recipe = Recipe {
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

const WEBKIT: Recipe = Recipe {
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
    // Without the plugins WebKitGTK has no MediaRecorder, no decoder and no
    // loudspeaker.
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
    /// In the order in which they run.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    fn recipe(self) -> &'static Recipe {
        match self {
            Engine::Chromium => &CHROMIUM,
            Engine::Firefox => &FIREFOX,
            Engine::WebKit => &WEBKIT,
        }
    }

    /// As it is written after `--engine`.
    pub fn name(self) -> &'static str {
        self.recipe().name
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        self.recipe().title
    }

    /// Why the tests cannot run in it on this system at all.
    pub fn obstacle(self) -> Option<&'static str> {
        match self {
            Engine::Firefox if !cfg!(target_os = "linux") => {
                Some("its microphone is a private PulseAudio, which is Linux's")
            }
            Engine::WebKit if !cfg!(target_os = "linux") => Some("it is for Linux only"),
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

/// An engine that is there.
pub struct Installed {
    /// Which one.
    pub engine: Engine,
    /// The browser itself.
    pub browser: PathBuf,
    /// The program that speaks WebDriver for it.
    pub driver: PathBuf,
}

/// Finds a browser and its driver; installs them where that can be done
/// without asking.
pub fn ensure(engine: Engine) -> Result<Installed> {
    let recipe = engine.recipe();
    let has_driver_of_its_own = engine == Engine::Firefox;
    let lacks = |recipe: &Recipe| -> Result<bool> {
        let has_driver = has_driver_of_its_own || locate(&recipe.driver)?.is_some();
        let has_helpers = recipe.helpers.iter().all(|name| which::which(name).is_ok());
        Ok(locate(&recipe.browser)?.is_none() || !has_driver || !has_helpers)
    };
    if lacks(recipe)? {
        if !apt::is_allowed() {
            bail!(
                "the tests in {} need {} and their like: install what is missing (Debian and Ubuntu: `sudo apt-get \
                 install {}`), name the programs in the environment variables {} and {}, or leave the engine out \
                 with --engine",
                recipe.title,
                [recipe.browser.names[0], recipe.driver.names[0]].join(", "),
                recipe.debian_packages.join(" "),
                recipe.browser.variable,
                recipe.driver.variable,
            );
        }
        let what = format!("Installing {} from Debian's packages", recipe.title);
        progress::step(&what, || apt::install(recipe.debian_packages))?;
    }
    if has_driver_of_its_own && locate(&recipe.driver)?.is_none() && !geckodriver()?.is_file() {
        progress::step("Building geckodriver, once", install_geckodriver)?;
    }
    let missing = || format!("what was installed has brought no {}", recipe.title);
    let driver = match locate(&recipe.driver)? {
        None if has_driver_of_its_own => Some(geckodriver()?),
        found => found,
    };
    Ok(Installed {
        engine,
        browser: locate(&recipe.browser)?.with_context(missing)?,
        driver: driver.with_context(missing)?,
    })
}

fn locate(program: &Program) -> Result<Option<PathBuf>> {
    let variable = program.variable;
    if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return which::which(&named).ok().map(Some).with_context(|| {
            let named = named.display();
            format!("{variable} is set to {named}, which is not a program")
        });
    }
    let mut names = program.names.iter();
    Ok(names.find_map(|name| which::which(name).ok()))
}

fn tools() -> Result<PathBuf> {
    rust::tool_folder(GECKODRIVER)
}

fn geckodriver() -> Result<PathBuf> {
    Ok(tools()?.join("bin/geckodriver"))
}

fn install_geckodriver() -> Result<()> {
    // It mostly waits; optimised, it would take twice as long to build.
    let arguments = ["install", "--quiet", "--debug", GECKODRIVER, "--root"];
    process::run(project::cargo().args(arguments).arg(tools()?))
}

impl Installed {
    /// What the engine says its version is.
    pub fn version(&self) -> Result<String> {
        let mut command = on_display(self.engine, &self.browser);
        let version = process::read(command.arg("--version"))?;
        Ok(version.trim().to_owned())
    }

    /// Writes the WebDriver capabilities for exactly this browser, based on the
    /// committed `webdriver.json`: without its path a driver would start
    /// whichever browser it finds first.
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

    /// The variable under which `wasm-bindgen-test-runner` takes the driver.
    pub fn driver_variable(&self) -> &'static str {
        match self.engine {
            Engine::Chromium => "CHROMEDRIVER",
            // It knows no WebKitGTK, but talks to geckodriver as the standard
            // says, which does for WebKitWebDriver too.
            Engine::Firefox | Engine::WebKit => "GECKODRIVER",
        }
    }
}

/// A command that has a display, where the engine cannot do without one.
pub fn on_display(engine: Engine, program: &Path) -> Command {
    if engine != Engine::WebKit {
        return Command::new(program);
    }
    let mut command = Command::new("xvfb-run");
    command.arg("--auto-servernum").arg(program);
    command
}
