//! Which requests a server on this machine answers. Every web page that is open here can send
//! requests to it, and by DNS rebinding a page's own host name can lead to it.

use std::net::Ipv4Addr;

use axum::Json;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The host names that lead to this machine and nowhere else, whatever a DNS server says.
const LOOPBACK_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The hosts that a server is reached by.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    /// The port that has to follow a loopback name; `None` accepts any, for servers behind a proxy
    /// of this machine that passes `Host` on.
    pub port: Option<u16>,
    /// Other values of `Host`, with the port where it is not the scheme's default.
    pub named: Vec<String>,
}

/// Where a request comes from, as far as the browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A page of this server.
    SameOrigin,
    /// A person: typed, or from a bookmark.
    User,
    /// Not said: no browser, or an old one that reads something by GET.
    Unknown,
    /// A page of another origin that leads its visitor here.
    Link,
    /// A page of another origin.
    OtherOrigin,
}

impl Hosts {
    /// The value of `Host`, if it is one of these hosts and the only one that the request names.
    pub fn check<'a>(&self, parts: &'a Parts) -> Option<&'a str> {
        let mut values = parts.headers.get_all(header::HOST).iter();
        let host = values.next()?.to_str().ok()?;
        let is_only = values.next().is_none();
        // `GET http://attacker.test/ HTTP/1.1` names a host, too.
        let is_confirmed = parts
            .uri
            .authority()
            .is_none_or(|authority| authority.as_str().eq_ignore_ascii_case(host));
        (is_only && is_confirmed && self.contains(host)).then_some(host)
    }

    fn contains(&self, host: &str) -> bool {
        self.is_named(host)
            || loopback_port(host, 80)
                .is_some_and(|port| self.port.is_none_or(|expected| expected == port))
    }

    fn is_named(&self, host: &str) -> bool {
        self.named
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether `origin` is that of the pages that this server serves as `host`.
    fn is_own(&self, origin: &str, host: &str) -> bool {
        match origin.split_once("://") {
            Some(("http", named)) => named.eq_ignore_ascii_case(host),
            // Named hosts may be behind a proxy that adds TLS.
            Some(("https", named)) => named.eq_ignore_ascii_case(host) && self.is_named(host),
            _ => false,
        }
    }

    /// Returns where a request to `host` comes from. Headers that contradict each other come from
    /// another origin.
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

/// Whether the request opens a tab or window, as a link does. A frame is none.
fn is_link(parts: &Parts) -> bool {
    let says = |name, expected| single(&parts.headers, name) == Some(Some(expected));
    is_read(&parts.method) && says(SEC_FETCH_MODE, "navigate") && says(SEC_FETCH_DEST, "document")
}

/// Whether `method` changes nothing.
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The header's value; `None` where it is there more than once, or is not text.
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

/// Whether `origin` is a page that a server on this machine serves.
pub fn is_loopback_origin(origin: &str) -> bool {
    match origin.split_once("://") {
        Some(("http", host)) => loopback_port(host, 80).is_some(),
        Some(("https", host)) => loopback_port(host, 443).is_some(),
        _ => false,
    }
}

/// The port of `host`, if its name is a loopback one.
fn loopback_port(host: &str, default: u16) -> Option<u16> {
    let (name, port) = match host.rsplit_once(':') {
        // The colons of `[::1]` are none before a port.
        Some((name, port)) if !port.ends_with(']') => (name, parse_port(port)?),
        _ => (host, default),
    };
    let is_loopback = LOOPBACK_NAMES
        .iter()
        .any(|loopback| loopback.eq_ignore_ascii_case(name))
        || name
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback());
    is_loopback.then_some(port)
}

/// Digits only: `parse` alone takes a sign, too.
fn parse_port(port: &str) -> Option<u16> {
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| port.parse().ok()).flatten()
}

/// The answer to a request that is not allowed.
pub fn forbidden(detail: &str) -> Response {
    (StatusCode::FORBIDDEN, Json(json!({ "detail": detail }))).into_response()
}

/// The answer to a request that names another host.
pub fn wrong_host() -> Response {
    forbidden("this server is not reached by that Host")
}
