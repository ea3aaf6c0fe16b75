//! Decides which requests a server on this machine accepts. Every web page that is open on this
//! machine can send requests to it, and DNS rebinding can point a page's own host name at it.

use std::net::Ipv4Addr;

use axum::Json;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Host names that always mean this machine, so that no DNS server can redirect them.
const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The values of `Host` that a server accepts: loopback names, and named hosts. Loopback names have
/// any port, because a local proxy may forward `Host`.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    /// Further values of `Host`, with the port unless it is the scheme's default.
    pub named: Vec<String>,
}

/// The origin of a request, by the headers that the browser sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A page of this server.
    SameOrigin,
    /// The user: a typed address or a bookmark.
    User,
    /// Unknown: not a browser, or an old browser that sends a GET.
    Unknown,
    /// A link on a page of another origin, which the user followed.
    Link,
    /// A page of another origin.
    OtherOrigin,
}

impl Hosts {
    /// Returns the value of `Host`, if these hosts contain it and the request names no other host.
    pub fn check<'a>(&self, parts: &'a Parts) -> Option<&'a str> {
        let mut values = parts.headers.get_all(header::HOST).iter();
        let host = values.next()?.to_str().ok()?;
        let is_only = values.next().is_none();
        // `GET http://attacker.test/ HTTP/1.1` also names a host.
        let is_confirmed = parts
            .uri
            .authority()
            .is_none_or(|authority| authority.as_str().eq_ignore_ascii_case(host));
        (is_only && is_confirmed && self.contains(host)).then_some(host)
    }

    fn contains(&self, host: &str) -> bool {
        self.is_named(host) || is_loopback(host)
    }

    fn is_named(&self, host: &str) -> bool {
        self.named
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether pages that this server serves under `host` have this `origin`.
    fn is_own(&self, origin: &str, host: &str) -> bool {
        match origin.split_once("://") {
            Some(("http", named)) => named.eq_ignore_ascii_case(host),
            // A proxy in front of a named host may add TLS.
            Some(("https", named)) => named.eq_ignore_ascii_case(host) && self.is_named(host),
            _ => false,
        }
    }

    /// Returns the source of a request to `host`. Contradictory headers count as another origin.
    pub fn source(&self, parts: &Parts, host: &str) -> Source {
        let Some(origin) = single(&parts.headers, header::ORIGIN) else {
            return Source::OtherOrigin;
        };
        if origin.is_some_and(|origin| !self.is_own(origin, host)) {
            return Source::OtherOrigin;
        }
        let Some(site) = single(&parts.headers, SEC_FETCH_SITE) else {
            return Source::OtherOrigin;
        };
        match site {
            Some("same-origin") => Source::SameOrigin,
            Some("none") => Source::User,
            Some(_) if is_link(parts) => Source::Link,
            Some(_) => Source::OtherOrigin,
            None if origin.is_some() => Source::SameOrigin,
            None => Source::Unknown,
        }
    }
}

/// Whether the request opens a page in a tab or window, as a link does, and not in a frame.
fn is_link(parts: &Parts) -> bool {
    let says = |name, expected| single(&parts.headers, name) == Some(Some(expected));
    is_read(&parts.method) && says(SEC_FETCH_MODE, "navigate") && says(SEC_FETCH_DEST, "document")
}

/// Whether `method` changes nothing.
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Returns the header's value: `Some(None)` if it is absent, `None` if it occurs more than once or
/// is not text.
pub fn single(headers: &HeaderMap, name: HeaderName) -> Option<Option<&str>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Some(None);
    };
    match values.next() {
        None => value.to_str().ok().map(Some),
        Some(_) => None,
    }
}

/// Whether `origin` is that of a page from a server on this machine.
pub fn is_loopback_origin(origin: &str) -> bool {
    match origin.split_once("://") {
        Some(("http" | "https", host)) => is_loopback(host),
        _ => false,
    }
}

/// Whether the name in `host` is a loopback name, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        // In `[::1]`, no colon precedes a port.
        _ => host,
    };
    LOOPBACK_NAMES
        .iter()
        .any(|loopback| loopback.eq_ignore_ascii_case(name))
        || name
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Accepts digits only; `u16::parse` alone would accept a sign.
fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// Returns the response to a request that is not allowed.
pub fn forbidden(detail: &str) -> Response {
    (StatusCode::FORBIDDEN, Json(json!({ "detail": detail }))).into_response()
}

/// Returns the response to a request that names another host.
pub fn wrong_host() -> Response {
    forbidden("this server is not reached by that Host")
}
