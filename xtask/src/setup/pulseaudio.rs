//! A private PulseAudio: Firefox and WebKitGTK start no audio context without a
//! sound device, and Firefox's microphone has to hear speech.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self as this, Command};

use anyhow::{Context, Result};

use crate::service::Service;

/// A loudspeaker that nobody hears, and a microphone that hears what is played
/// into the sink `mouth` (see `tests/e2e/voice.mjs`).
///
/// A null sink that nobody listens to takes sound in blocks of two seconds, and
/// the first recording would begin that late; the loopback keeps both awake.
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

/// A running sound server; dropping it ends it.
pub struct Sound {
    _service: Service,
    folder: PathBuf,
}

impl Sound {
    /// Starts the server for whoever has this name, which nobody else may have.
    pub fn start(name: &str) -> Result<Sound> {
        // Not below target/: the path of a socket may have 107 bytes only.
        let folder = env::temp_dir().join(format!("thetaone-web-sound-{}-{name}", this::id()));
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
            // That it should not be root is all it has to say when all is well.
            .args(["--log-level=error", "-F"])
            .arg(&script);
        for place in ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"] {
            command.env(place, &folder);
        }
        let service = Service::start_until(&mut command, is_ready)
            .context("the engine needs a sound device, and PulseAudio gives none")?;
        Ok(Sound {
            _service: service,
            folder,
        })
    }

    /// What `PULSE_SERVER` has to be.
    pub fn server(&self) -> String {
        address(&self.folder)
    }
}

fn address(folder: &Path) -> String {
    format!("unix:{}", folder.join("native").display())
}

impl Drop for Sound {
    fn drop(&mut self) {
        // What is left of it lies among the temporary files, and harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
