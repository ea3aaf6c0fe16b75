//! A local emulator of the Theta One API, as strict as the API.
//!
//! The API key selects a scenario ([`scenario::SCENARIOS`]). Error bodies are those of the SDK's
//! catalogue, word for word. Audio is really decoded. Results depend on the audio, and are marked
//! as emulated.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let emulator = emulator::Emulator::start(emulator::Config::default()).await?;
//! println!("POST {}/transcribe", emulator.url());
//! # Ok(())
//! # }
//! ```

mod access;
mod analysis;
mod connection;
mod decode;
mod error_response;
mod form;
pub mod listen;
mod routes;
pub mod scenario;
mod speech;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use listen::Listener;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// The configuration of an emulator.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1. 0 picks a free port.
    pub port: u16,
    /// The size above which a body gets 413, in bytes.
    pub max_upload_bytes: usize,
    /// Accepted values of `Host`, besides the loopback names.
    pub allowed_hosts: Vec<String>,
    /// Origins whose pages may call the API and read the recorded requests. Pages from other ports
    /// of this machine may always call the API.
    pub allowed_origins: Vec<String>,
    /// Hears whether the words were spoken. Without it, results depend on the loudness only.
    pub listener: Option<Arc<Listener>>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            port: 0,
            max_upload_bytes: 32 << 20,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            listener: None,
        }
    }
}

/// A running emulator. Dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Emulator {
    /// Starts an emulator in the current tokio runtime.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let router = routes::router(config);
        Ok(Emulator {
            address,
            accepting: tokio::spawn(accept(listener, router)),
        })
    }

    /// Returns the base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, router: Router) {
    // Dropping the set closes all connections.
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection::serve(stream, router.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}
