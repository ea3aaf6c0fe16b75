//! A local stand-in for the Theta One API, as strict as the API.
//!
//! Keys choose how it behaves ([`scenario::SCENARIOS`]); error bodies are those
//! of the SDK's catalogue, word for word; audio is decoded for real. Results
//! depend on the audio, and say that they are emulated.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! let emulator = emulator::Emulator::start(emulator::Config::default()).await?;
//! println!("POST {}/transcribe", emulator.url());
//! # Ok(())
//! # }
//! ```

pub mod access;
mod analysis;
pub mod connection;
mod decode;
pub mod error_response;
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

/// How an emulator is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// Larger bodies get 413, in bytes.
    pub max_upload_bytes: usize,
    /// Values of `Host` that are answered besides those of this machine.
    pub allowed_hosts: Vec<String>,
    /// Origins whose pages may call the API and look at what arrived. Pages of this machine's
    /// other ports may call the API anyway.
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

/// A running emulator; dropping it ends it and every connection to it.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Emulator {
    /// Starts one within the current tokio runtime.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let router = routes::router(config);
        Ok(Emulator {
            address,
            accepting: tokio::spawn(accept(listener, router)),
        })
    }

    /// Where it listens, without a slash at the end.
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
    // Connections end with the task that holds them.
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection::serve(stream, router.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}
