//! Decides which requests are answered: by whose page, and under which host name.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use emulator::access::{Hosts, Source, forbidden, is_read, wrong_host};

/// Guards every route of `router`, and every path that has none.
pub(crate) fn layer(router: Router, hosts: Hosts) -> Router {
    router.layer(from_fn_with_state(Arc::new(hosts), guard))
}

async fn guard(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = hosts.check(&parts) else {
        return wrong_host();
    };
    let source = hosts.source(&parts, host);
    let is_allowed = match needs(parts.uri.path()) {
        Needs::Proof => source == Source::SameOrigin,
        Needs::NoOtherPage => matches!(source, Source::SameOrigin | Source::Unknown),
        Needs::Read => is_read(&parts.method) && source != Source::OtherOrigin,
    };
    if !is_allowed {
        return forbidden("only this server's own page may do that");
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // For browsers that do not say which page wants to embed something.
    const POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    let own = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(POLICY, own);
    response
}

/// The proof that a request has to show before it is answered.
enum Needs {
    /// Calls spend the key: the request has to prove that the page is this server's.
    Proof,
    /// The view into the emulator shows recordings. Current browsers say of every request for
    /// them which site makes it, so that one that says nothing is not a page's.
    NoOtherPage,
    /// The page itself is for everybody to open, but for no other page to embed.
    Read,
}

fn needs(path: &str) -> Needs {
    if path.starts_with("/api/theta") {
        Needs::Proof
    } else if path.starts_with("/emulator") {
        Needs::NoOtherPage
    } else {
        Needs::Read
    }
}
