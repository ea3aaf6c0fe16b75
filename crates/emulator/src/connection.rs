//! HTTP connections that a handler can close without a response.
//!
//! axum's own loop always sends a response. hyper's loop closes the connection if its service
//! fails. Bodies are always read to the end, because some clients see an earlier response as a
//! broken pipe.

use std::io;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::response::Response;
use futures_util::StreamExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::ServiceExt;

/// Marks a response that must not be sent. The connection is closed instead.
#[derive(Debug, Clone, Copy)]
struct HangUp;

/// Returns the response by which a handler closes the connection. It works only in [`serve`].
pub fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Whether `response` closes the connection.
pub fn is_hang_up(response: &Response) -> bool {
    response.extensions().get::<HangUp>().is_some()
}

/// Reads all of `body`. Returns `None` if it has more than `max_bytes`; a client that writes before
/// it reads still gets its 413, because the rest is read and discarded.
pub async fn whole_body(body: Body, max_bytes: usize) -> Option<Bytes> {
    let mut chunks = body.into_data_stream();
    let mut whole = Some(Vec::new());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        whole = whole.filter(|read| read.len() + chunk.len() <= max_bytes);
        if let Some(read) = &mut whole {
            read.extend_from_slice(&chunk);
        }
    }
    whole.map(Bytes::from)
}

/// Serves the requests of one connection until it ends.
pub async fn serve(stream: TcpStream, router: Router) {
    let service = service_fn(|request: Request<Incoming>| {
        let answering = router.clone().oneshot(request.map(Body::new));
        async move {
            let response = answering.await.unwrap_or_else(|never| match never {});
            if is_hang_up(&response) {
                return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
            }
            Ok(response)
        }
    });
    // Ignores how the connection ended, which is up to the client.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
