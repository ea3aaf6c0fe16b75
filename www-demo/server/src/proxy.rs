//! Forwards requests for the four endpoints, and adds the key.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use emulator::connection::{hang_up, whole_body};
use emulator::scenario::{SCENARIOS, Scenario};
use reqwest::redirect::Policy;
use serde_json::json;

use crate::rate_limit::RateLimit;

/// The largest accepted upload, in bytes.
const MAX_UPLOAD_BYTES: usize = 64 << 20;

/// The time after which an API that cannot be reached is reported as such.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The header in which the page names a scenario.
const SCENARIO_HEADER: &str = "x-demo-scenario";

const ENDPOINTS: [&str; 4] = [
    "/transcribe",
    "/analyze-native",
    "/pronunciation",
    "/pronunciation-simple",
];

struct Proxy {
    client: reqwest::Client,
    base_url: String,
    /// `None` if the upstream is the emulator: the scenario determines the key.
    key: Option<String>,
    limit: Option<RateLimit>,
}

/// Returns the routes that forward to an emulator, and the routes that show its requests.
pub(crate) fn to_emulator(url: &str, limit: Option<RateLimit>) -> io::Result<Router> {
    let proxy = proxy(url, None, limit)?;
    let view_emulator = |State(proxy): State<Arc<Proxy>>, request: Request| async move {
        let path = request
            .uri()
            .path()
            .trim_start_matches("/emulator")
            .to_owned();
        proxy.forward(&path, None, request).await
    };
    let view = Router::new()
        .route("/emulator/scenarios", get(view_emulator))
        .route("/emulator/requests", any(view_emulator))
        .route("/emulator/requests/{id}/audio", get(view_emulator))
        .with_state(proxy.clone());
    Ok(endpoints(proxy).merge(view))
}

/// Returns the routes that forward to the API.
pub(crate) fn to_api(base_url: &str, key: String, limit: Option<RateLimit>) -> io::Result<Router> {
    Ok(endpoints(proxy(base_url, Some(key), limit)?))
}

fn proxy(base_url: &str, key: Option<String>, limit: Option<RateLimit>) -> io::Result<Arc<Proxy>> {
    // The page gets redirects, because following one would send the key to another server.
    let mut client = reqwest::Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT);
    if key.is_none() {
        // The emulator is on this machine, which an HTTP_PROXY cannot reach.
        client = client.no_proxy();
    }
    Ok(Arc::new(Proxy {
        client: client.build().map_err(io::Error::other)?,
        base_url: base_url.trim_end_matches('/').to_owned(),
        key,
        limit,
    }))
}

fn endpoints(proxy: Arc<Proxy>) -> Router {
    let mut router = Router::new().route("/api/demo", get(about));
    for path in ENDPOINTS {
        let handler = move |State(proxy): State<Arc<Proxy>>, request: Request| async move {
            proxy.call(path, request).await
        };
        router = router.route(&format!("/api/theta{path}"), post(handler));
    }
    router.with_state(proxy)
}

/// Tells the page whether the upstream is the emulator, and which scenarios there are.
async fn about(State(proxy): State<Arc<Proxy>>) -> Response {
    let (mode, scenarios) = match proxy.key {
        Some(_) => ("api", &[][..]),
        None => ("emulator", SCENARIOS),
    };
    Json(json!({ "mode": mode, "scenarios": scenarios })).into_response()
}

impl Proxy {
    async fn call(&self, path: &str, request: Request) -> Response {
        let key = match &self.key {
            Some(key) => key.clone(),
            None => match scenario(request.headers()) {
                Some(scenario) => scenario.key(),
                None => {
                    return error_response(StatusCode::BAD_REQUEST, "there is no such scenario");
                }
            },
        };
        self.forward(path, Some(key), request).await
    }

    /// Forwards only what the API reads: no cookie, and no other header of the page.
    async fn forward(&self, path: &str, key: Option<String>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let Some(body) = whole_body(body, MAX_UPLOAD_BYTES).await else {
            return error_response(StatusCode::PAYLOAD_TOO_LARGE, "the upload is too large");
        };
        // Only calls have a key. The limit applies when the upload is complete, because the API
        // counts it then.
        let limit = self.limit.as_ref().filter(|_| key.is_some());
        if let Some(refused) = limit.and_then(RateLimit::admit) {
            return refused;
        }
        let method = match parts.method {
            Method::HEAD => Method::GET,
            other => other,
        };
        let mut upstream = self
            .client
            .request(method, format!("{}{path}", self.base_url))
            .body(body);
        if let Some(content_type) = parts.headers.get(header::CONTENT_TYPE) {
            upstream = upstream.header(header::CONTENT_TYPE, content_type);
        }
        if let Some(key) = key {
            upstream = upstream.header("x-api-key", key);
        }
        let response = match upstream.send().await {
            Ok(response) => to_response(response),
            // Some scenarios of the emulator close the connection on purpose.
            Err(_) if self.key.is_none() => return hang_up(),
            Err(_) => error_response(StatusCode::BAD_GATEWAY, "the API could not be reached"),
        };
        match limit {
            Some(limit) => limit.with_retry_after(response),
            None => response,
        }
    }
}

fn scenario(headers: &HeaderMap) -> Option<&'static Scenario> {
    let id = match headers.get(SCENARIO_HEADER) {
        Some(id) => id.to_str().ok()?,
        None => "ok",
    };
    SCENARIOS.iter().find(|scenario| scenario.id == id)
}

fn to_response(upstream: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = upstream.status();
    for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
        if let Some(value) = upstream.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    *response.body_mut() = Body::new(reqwest::Body::from(upstream));
    response
}

fn error_response(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}
