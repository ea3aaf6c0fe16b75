//! Serves the demo page, and a proxy that adds the API key. Every application needs such a proxy on
//! its own server, because the key must not be in a page.

mod guard;
mod page;
mod proxy;
mod rate_limit;
mod retry_slots;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use emulator::access::Hosts;
use emulator::listen::Listener;
use emulator::{Emulator, connection};
use tokio::net::TcpListener;

/// The destination of the calls.
#[derive(Clone)]
pub enum Upstream {
    /// An emulator in this process. The page selects the scenario.
    Emulator,
    /// The API, at this base URL, with this key.
    Api {
        /// The base URL, without a slash at the end.
        base_url: String,
        /// The key, which starts with `sk-theta-`. Only the API receives it.
        key: String,
    },
}

/// Leaves out the key, so that no log can contain it.
impl fmt::Debug for Upstream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Upstream::Emulator => out.write_str("Emulator"),
            Upstream::Api { base_url, .. } => write!(out, "Api at {base_url}"),
        }
    }
}

/// The configuration of a demo server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1. 0 picks a free port.
    pub port: u16,
    /// The folder with the built page.
    pub dist: PathBuf,
    /// The destination of the calls.
    pub upstream: Upstream,
    /// The key's quota, which the server enforces for all pages together.
    pub requests_per_minute: Option<NonZeroUsize>,
    /// Hears for the emulator whether the words were spoken.
    pub listener: Option<Arc<Listener>>,
}

/// A demo server that listens, and responds from [`Server::run`] on.
pub struct Server {
    listener: TcpListener,
    router: Router,
    hosts: Hosts,
    address: SocketAddr,
    // Held for the lifetime of the server, which forwards to it.
    _emulator: Option<Emulator>,
}

impl Server {
    /// Binds the port, and starts the emulator if the upstream is one.
    pub async fn bind(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let limit = config.requests_per_minute.map(rate_limit::RateLimit::new);
        let (emulator, api) = match config.upstream {
            Upstream::Emulator => {
                let emulator = Emulator::start(emulator::Config {
                    listener: config.listener,
                    ..emulator::Config::default()
                });
                let emulator = emulator.await?;
                let api = proxy::to_emulator(&emulator.url(), limit)?;
                (Some(emulator), api)
            }
            Upstream::Api { base_url, key } => (None, proxy::to_api(&base_url, key, limit)?),
        };
        let hosts = Hosts {
            port: Some(address.port()),
            named: Vec::new(),
        };
        Ok(Server {
            listener,
            router: api.merge(page::router(&config.dist)),
            hosts,
            address,
            _emulator: emulator,
        })
    }

    /// Accepts further values of `Host`, with the port unless it is the scheme's default. A server
    /// behind a proxy needs its public name here.
    pub fn allow_hosts(mut self, named: Vec<String>) -> Self {
        self.hosts.named = named;
        self
    }

    /// Returns the page's URL. `localhost` is a secure context, so that the browser allows the
    /// microphone.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Serves forever.
    pub async fn run(self) {
        let router = guard::layer(self.router, self.hosts);
        loop {
            if let Ok((stream, _)) = self.listener.accept().await {
                tokio::spawn(connection::serve(stream, router.clone()));
            }
        }
    }
}
