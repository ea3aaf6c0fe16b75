//! Decides which requests are accepted, by their `Host`, `Origin` and `Sec-Fetch-*` headers.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use emulator::access::{Hosts, Source, forbidden, is_read, wrong_host};

/// Guards every route of `router`, and every path without a route.
pub(crate) fn layer(router: Router, hosts: Hosts) -> Router {
    router.layer(from_fn_with_state(Arc::new(hosts), guard))
}

async fn guard(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = hosts.check(&parts) else {
        return wrong_host();
    };
    let source = hosts.source(&parts, host);
    let is_allowed = match requirement(parts.uri.path()) {
        Requirement::SameOrigin => source == Source::SameOrigin,
        Requirement::NotOtherOrigin => matches!(source, Source::SameOrigin | Source::Unknown),
        Requirement::Read => is_read(&parts.method) && source != Source::OtherOrigin,
    };
    if !is_allowed {
        return forbidden("only this server's own page may do that");
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // For browsers that do not send the origin of a page that embeds something.
    const POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    let own = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(POLICY, own);
    response
}

/// The condition under which a request is accepted.
enum Requirement {
    /// For calls, which spend the key: the headers prove that the page is this server's.
    SameOrigin,
    /// For the emulator's recordings: no header names another site. Current browsers name the site
    /// in each of these requests, so a request that names none is not a page's.
    NotOtherOrigin,
    /// For the demo page: anyone may open it, but no other page may embed it.
    Read,
}

fn requirement(path: &str) -> Requirement {
    if path.starts_with("/api/theta") {
        Requirement::SameOrigin
    } else if path.starts_with("/emulator") {
        Requirement::NotOtherOrigin
    } else {
        Requirement::Read
    }
}
