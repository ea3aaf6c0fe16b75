//! Connections that can be hung up on: axum's own loop always answers, hyper's
//! closes the connection when its service fails.

use std::io;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
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
