//! A private PulseAudio server.
//!
//! Firefox and WebKitGTK start no audio context without a sound device, and the tests play speech
//! into Firefox's microphone.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self as this, Command};

use anyhow::{Context, Result};

use crate::service::Service;
use crate::setup::engine::Engine;

/// A silent speaker, and a microphone that records what is played into the sink `mouth` (by
/// `tests/e2e/fake-speech.mjs`).
///
/// A null sink without a listener takes sound in blocks of two seconds, so that the first recording
/// would begin two seconds late. The loopback prevents that.
const SCRIPT: &str = "\
.fail
load-module module-native-protocol-unix auth-anonymous=1 socket=SOCKET
load-module module-null-sink sink_name=speaker rate=48000 channels=1
load-module module-null-sink sink_name=mouth rate=48000 channels=1
load-module module-remap-source master=mouth.monitor source_name=microphone
load-module module-loopback source=mouth.monitor sink=speaker latency_msec=30 source_dont_move=true sink_dont_move=true
set-default-sink speaker
set-default-source microphone
";

/// A running PulseAudio server. Dropping it kills the process.
pub struct PulseAudio {
    _service: Service,
    folder: PathBuf,
}

impl PulseAudio {
    /// Starts a server for engines that need a sound device to run an audio context. `stage` and
    /// the engine name it.
    pub fn for_engine(engine: Engine, stage: &str) -> Result<Option<PulseAudio>> {
        (engine != Engine::Chromium)
            .then(|| PulseAudio::start(&format!("{stage}-{}", engine.name())))
            .transpose()
    }

    /// Starts a server. `name` must be unique among the servers of this process.
    pub fn start(name: &str) -> Result<PulseAudio> {
        // Not in target/, because the path of a socket may have 107 bytes at most.
        let folder = env::temp_dir().join(format!("thetaone-web-pulseaudio-{}-{name}", this::id()));
        fs::create_dir_all(&folder)?;
        let socket = folder.join("native");
        let script = folder.join("script.pa");
        fs::write(
            &script,
            SCRIPT.replace("SOCKET", &socket.display().to_string()),
        )?;
        let address = address(&folder);
        let is_ready = || {
            Command::new("pactl")
                .args(["--server", &address, "list", "short", "sources"])
                .output()
                .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("microphone"))
        };
        let mut command = Command::new("pulseaudio");
        command
            .args([
                "-n",
                "--daemonize=no",
                "--use-pid-file=no",
                "--exit-idle-time=-1",
            ])
            .args(["--disable-shm=yes", "--realtime=no", "--high-priority=no"])
            // Suppresses the warning about running as root.
            .args(["--log-level=error", "-F"])
            .arg(&script);
        for place in ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"] {
            command.env(place, &folder);
        }
        let service = Service::start_until(&mut command, is_ready)
            .context("the engine needs a sound device, and PulseAudio did not start")?;
        Ok(PulseAudio {
            _service: service,
            folder,
        })
    }

    /// Returns the value for `PULSE_SERVER`.
    pub fn server(&self) -> String {
        address(&self.folder)
    }
}

fn address(folder: &Path) -> String {
    format!("unix:{}", folder.join("native").display())
}

impl Drop for PulseAudio {
    fn drop(&mut self) {
        // Ignores errors: the rest is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
