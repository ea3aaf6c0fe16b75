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

mod analysis;
mod decode;
mod form;
mod ledger;
mod refusal;
mod routes;
pub mod scenario;
mod speech;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

use routes::HangUp;

/// How an emulator is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// Larger bodies get 413, in bytes.
    pub max_upload_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            port: 0,
            max_upload_bytes: 32 << 20,
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
            connections.spawn(converse(stream, router.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

/// axum's own loop cannot hang up on a client; hyper does so when its service
/// fails.
async fn converse(stream: TcpStream, router: Router) {
    let service = service_fn(|request: Request<Incoming>| {
        let answering = router.clone().oneshot(request.map(Body::new));
        async move {
            let response: Response<Body> = answering.await.unwrap_or_else(|never| match never {});
            match response.extensions().get::<HangUp>() {
                Some(_) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                None => Ok(response),
            }
        }
    });
    // How a conversation ends is the client's affair.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
