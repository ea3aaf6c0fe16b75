//! Serves the demo page, and a proxy that adds the API key: the part that every
//! app has on its own server, because the key must not be in a page.

mod guard;
mod limit;
mod page;
mod proxy;

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

/// Where the calls go.
#[derive(Clone)]
pub enum Upstream {
    /// To an emulator within this process; the page chooses the scenario.
    Emulator,
    /// To the API, at this base URL, with this key.
    Api {
        /// Without a slash at the end.
        base_url: String,
        /// Starts with `sk-theta-`; never leaves this server but upstream.
        key: String,
    },
}

/// Without the key, so that no log can hold it.
impl fmt::Debug for Upstream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Upstream::Emulator => out.write_str("Emulator"),
            Upstream::Api { base_url, .. } => write!(out, "Api at {base_url}"),
        }
    }
}

/// How a demo server is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// The folder of the built page.
    pub dist: PathBuf,
    /// Where the calls go.
    pub upstream: Upstream,
    /// The key's quota, which is kept here for all pages together.
    pub requests_per_minute: Option<NonZeroUsize>,
    /// Hears for the emulator whether the words were spoken.
    pub listener: Option<Arc<Listener>>,
}

/// A demo server that listens, but does not answer before [`Server::run`].
pub struct Server {
    listener: TcpListener,
    router: Router,
    hosts: Hosts,
    address: SocketAddr,
    // Lives as long as the server that forwards to it.
    _emulator: Option<Emulator>,
}

impl Server {
    /// Binds the port and starts the emulator, if it is that.
    pub async fn bind(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let limit = config.requests_per_minute.map(limit::Limit::new);
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

    /// Answers requests for these values of `Host` too, with the port where it is not the scheme's
    /// default: the public name behind a proxy.
    pub fn allow_hosts(mut self, named: Vec<String>) -> Self {
        self.hosts.named = named;
        self
    }

    /// The page's address. `localhost` is a secure context, so that the browser
    /// gives it the microphone.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Answers for ever.
    pub async fn run(self) {
        let router = guard::layer(self.router, self.hosts);
        loop {
            if let Ok((stream, _)) = self.listener.accept().await {
                tokio::spawn(connection::serve(stream, router.clone()));
            }
        }
    }
}
