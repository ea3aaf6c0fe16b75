//! A Chromium and its driver: found, or installed where that is possible.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{process, progress, project, stamp};

/// Where the two programs are.
pub struct Browser {
    /// The browser itself.
    pub chromium: PathBuf,
    /// The program that speaks WebDriver for it.
    pub chromedriver: PathBuf,
}

const CHROMIUM_NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];
const CHROMEDRIVER_NAMES: &[&str] = &["chromedriver", "/usr/lib/chromium/chromedriver"];
const DEBIAN_PACKAGES: &[&str] = &["chromium", "chromium-driver"];

/// Finds a browser and its driver; installs them where that can be done
/// without asking.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    let Some(apt_get) = unattended_apt_get() else {
        bail!(
            "the tests need Chromium (or Chrome) and a ChromeDriver of the same version: install both \
             (Debian and Ubuntu: `sudo apt-get install {}`), or name them in the environment variables \
             CHROMIUM and CHROMEDRIVER",
            DEBIAN_PACKAGES.join(" ")
        );
    };
    progress::step("Installing Chromium from Debian's packages", || {
        let apt_get = || {
            let mut command = Command::new(&apt_get);
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        process::run_quietly(apt_get().args(["update"]))?;
        process::run_quietly(
            apt_get()
                .args(["install", "-y", "--no-install-recommends"])
                .args(DEBIAN_PACKAGES),
        )
    })?;
    find()?.context("the installed packages have brought no `chromium` and `chromedriver`")
}

fn find() -> Result<Option<Browser>> {
    let chromium = locate("CHROMIUM", CHROMIUM_NAMES)?;
    let chromedriver = locate("CHROMEDRIVER", CHROMEDRIVER_NAMES)?;
    Ok(chromium
        .zip(chromedriver)
        .map(|(chromium, chromedriver)| Browser {
            chromium,
            chromedriver,
        }))
}

fn locate(variable: &str, names: &[&str]) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return which::which(&named).ok().map(Some).with_context(|| {
            format!(
                "{variable} is set to {}, which is not a program",
                named.display()
            )
        });
    }
    Ok(names.iter().find_map(|name| which::which(name).ok()))
}

/// `apt-get`, if this process may use it.
fn unattended_apt_get() -> Option<PathBuf> {
    let apt_get = which::which("apt-get").ok()?;
    let user = process::read(Command::new("id").arg("-u")).ok()?;
    (user.trim() == "0").then_some(apt_get)
}

/// Writes the WebDriver capabilities for exactly this browser, based on the
/// committed `webdriver.json`: without its path a driver would start whichever
/// browser it finds first.
pub fn webdriver_json(chromium: &Path) -> Result<PathBuf> {
    let committed = project::path("webdriver.json");
    let text = fs::read_to_string(&committed).context("webdriver.json cannot be read")?;
    let mut capabilities: Value =
        serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    capabilities["goog:chromeOptions"]["binary"] = chromium.display().to_string().into();
    let file = stamp::directory()?.join("webdriver.json");
    fs::write(&file, capabilities.to_string())?;
    Ok(file)
}
