//! Connections that can be hung up on: axum's own loop always answers, hyper's
//! closes the connection when its service fails. And bodies that are read to
//! their end: an answer before that reaches some clients as a broken pipe.

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

/// Marks a response that must not be sent: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
struct HangUp;

/// What a handler answers to close the connection without an answer. Works
/// only behind [`serve`].
pub fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Whether `response` is one that closes the connection.
pub fn is_hang_up(response: &Response) -> bool {
    response.extensions().get::<HangUp>().is_some()
}

/// All of `body`, if it is no larger than `most` bytes. A larger one is read too,
/// and thrown away, so that a client that writes before it reads gets its 413.
pub async fn whole_body(body: Body, most: usize) -> Option<Bytes> {
    let mut chunks = body.into_data_stream();
    let mut whole = Some(Vec::new());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.ok()?;
        whole = whole.filter(|read| read.len() + chunk.len() <= most);
        if let Some(read) = &mut whole {
            read.extend_from_slice(&chunk);
        }
    }
    whole.map(Bytes::from)
}

/// Answers the requests of one connection until it ends.
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
    // How a conversation ends is the client's affair.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
