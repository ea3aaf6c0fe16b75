//! Servers that run during a command, and are killed when it ends.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use shared_child::SharedChild;

use crate::process;

/// The time in which a server has to become ready.
const START_LIMIT: Duration = Duration::from_secs(60);
/// The interval between two checks of whether a server is ready.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

static RUNNING: Mutex<Vec<Arc<SharedChild>>> = Mutex::new(Vec::new());

/// A running server. Dropping it kills the process.
pub struct Service {
    child: Arc<SharedChild>,
}

impl Service {
    /// Starts a server, and waits until it prints the line `<ready><address>`. Returns the address
    /// as well. Prints everything that the server prints.
    pub fn start(command: &mut Command, ready: &'static str) -> Result<(Service, String)> {
        let program = process::program_name(command);
        let service = Service::spawn(command.stdout(Stdio::piped()))?;

        let output = service.child.take_stdout().context("stdout is piped")?;
        let (sender, address) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                println!("{line}");
                if let Some(address) = line.strip_prefix(ready) {
                    // Fails after the first address, because the receiver is gone by then.
                    let _ = sender.send(address.trim().to_owned());
                }
            }
        });
        let address = address
            .recv_timeout(START_LIMIT)
            .map_err(|error| match error {
                RecvTimeoutError::Disconnected => anyhow!("{program} ended before it was ready"),
                RecvTimeoutError::Timeout => {
                    anyhow!("{program} was not ready after {} s", START_LIMIT.as_secs())
                }
            })?;
        Ok((service, address))
    }

    /// Starts a server that prints no address, and waits until `is_ready` returns true.
    pub fn start_until(command: &mut Command, is_ready: impl Fn() -> bool) -> Result<Service> {
        let program = process::program_name(command);
        let service = Service::spawn(command)?;
        let start = Instant::now();
        while !is_ready() {
            if let Some(status) = service.child.try_wait()? {
                return Err(anyhow!("{program} ended before it was ready ({status})"));
            }
            if start.elapsed() > START_LIMIT {
                let limit = START_LIMIT.as_secs();
                return Err(anyhow!("{program} was not ready after {limit} s"));
            }
            thread::sleep(POLL_INTERVAL);
        }
        Ok(service)
    }

    fn spawn(command: &mut Command) -> Result<Service> {
        kill_services_on_interrupt();
        let program = process::program_name(command);
        let child = SharedChild::spawn(command.stdin(Stdio::null()))
            .with_context(|| format!("{program} could not be started"))?;
        let child = Arc::new(child);
        RUNNING
            .lock()
            .expect("no panic under the lock")
            .push(child.clone());
        Ok(Service { child })
    }

    /// Waits until the server exits. An exit without success is an error.
    pub fn wait(&self) -> Result<()> {
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(anyhow!("the server ended unexpectedly ({status})"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        kill(&self.child);
        RUNNING
            .lock()
            .expect("no panic under the lock")
            .retain(|child| !Arc::ptr_eq(child, &self.child));
    }
}

/// Kills and reaps the child. Ignores errors, which mean that it has already exited.
fn kill(child: &SharedChild) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Kills the servers on Ctrl-C and on `kill`, because no destructor runs then.
fn kill_services_on_interrupt() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let handler = || {
            for child in RUNNING.lock().expect("no panic under the lock").iter() {
                kill(child);
            }
            std::process::exit(130);
        };
        ctrlc::set_handler(handler).expect("no other handler is set");
    });
}
