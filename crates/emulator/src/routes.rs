//! The API's endpoints, and the emulator's own endpoints that show the recorded requests.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use thetaone_web::core::endpoint::Endpoint;
use tokio::sync::Semaphore;

use crate::Config;
use crate::access::{Hosts, Source, forbidden, is_loopback_origin, is_read, single, wrong_host};
use crate::analysis::analyze;
use crate::connection::{hang_up, is_hang_up, whole_body};
use crate::decode::{Decoded, decode};
use crate::error_response::ErrorResponse;
use crate::form::Form;
use crate::scenario::{SCENARIOS, Scenario, Step};
use crate::state::{EmulatorState, RecordedFile, RecordedRequest};

struct AppState {
    config: Config,
    hosts: Hosts,
    state: EmulatorState,
    /// Limits the recordings that are listened to at a time.
    listening: Arc<Semaphore>,
}

/// Returns the routes. They must be served by [`crate::connection`].
pub(crate) fn router(config: Config) -> Router {
    let hosts = Hosts {
        named: config.allowed_hosts.clone(),
    };
    let app = Arc::new(AppState {
        config,
        hosts,
        state: EmulatorState::default(),
        listening: Arc::new(Semaphore::new(1)),
    });
    // Only this server's own pages and the allowed origins may read or delete recorded requests.
    // Pages from other ports may call the API too, because an application under test does.
    let views = Router::new()
        .route("/scenarios", get(scenarios))
        .route("/requests", get(requests).delete(reset))
        .route("/requests/{id}/audio", get(audio))
        .layer(from_fn_with_state(app.clone(), guard_views));
    let mut api = Router::new();
    for &endpoint in Endpoint::ALL {
        let handler = move |State(app): State<Arc<AppState>>, request: Request| async move {
            handle(&app, endpoint, request).await
        };
        api = api.route(endpoint.path(), post(handler));
    }
    let api = api.layer(from_fn_with_state(app.clone(), guard_api));
    // The guard comes after the fallback, so that it also guards paths without a route.
    let other = Router::new()
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(app.clone(), guard_views));
    views.merge(api).merge(other).with_state(app)
}

async fn guard_views(State(app): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    guard(&app, request, next, |_| false).await
}

async fn guard_api(State(app): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    guard(&app, request, next, is_loopback_origin).await
}

/// Accepts a request if it names a host of this server and comes from its own pages, from an
/// allowed origin, from an origin that `accepts` returns true for, or from no page.
async fn guard(
    app: &AppState,
    request: Request,
    next: Next,
    accepts: fn(&str) -> bool,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = app.hosts.check(&parts) else {
        return wrong_host();
    };
    let origin = single(&parts.headers, header::ORIGIN).flatten();
    let named = &app.config.allowed_origins;
    let other_origin = origin
        .filter(|origin| accepts(origin) || named.iter().any(|named| named == origin))
        .and_then(|origin| HeaderValue::from_str(origin).ok());
    let is_allowed = other_origin.is_some()
        || match app.hosts.source(&parts, host) {
            // A page can send the header with the key to its own origin only.
            Source::SameOrigin | Source::Unknown => true,
            Source::User => is_read(&parts.method),
            Source::Link | Source::OtherOrigin => false,
        };
    let is_preflight = parts.method == Method::OPTIONS;
    let mut response = match is_allowed {
        false => forbidden("pages of this origin may not use this emulator"),
        true if is_preflight => StatusCode::NO_CONTENT.into_response(),
        true => next.run(Request::from_parts(parts, body)).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = other_origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        const ALLOWED: [(HeaderName, &str); 3] = [
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
        ];
        for (name, value) in ALLOWED {
            headers.insert(name, HeaderValue::from_static(value));
        }
    } else {
        // For browsers that do not send the origin of a page that embeds a recording.
        const POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(POLICY, HeaderValue::from_static("same-origin"));
    }
    response
}

async fn scenarios() -> Json<Value> {
    let listed = SCENARIOS.iter().map(|scenario| {
        let mut entry = json!(scenario);
        entry["key"] = json!(scenario.key());
        entry
    });
    Json(listed.collect())
}

async fn requests(State(app): State<Arc<AppState>>) -> Json<Vec<RecordedRequest>> {
    Json(app.state.requests())
}

async fn reset(State(app): State<Arc<AppState>>) -> StatusCode {
    app.state.reset();
    StatusCode::NO_CONTENT
}

async fn audio(State(app): State<Arc<AppState>>, Path(id): Path<u64>) -> Response {
    let requests = app.state.requests();
    let file = requests
        .into_iter()
        .find(|recorded| recorded.id == id)
        .and_then(|recorded| recorded.file);
    match file {
        Some(file) => file.audio.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn handle(app: &AppState, endpoint: Endpoint, request: Request) -> Response {
    let key = request
        .headers()
        .get("x-api-key")
        .and_then(|key| key.to_str().ok());
    let scenario = key.and_then(Scenario::of_key);
    let id = app.state.record(endpoint, scenario);
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let response = match whole_body(request.into_body(), app.config.max_upload_bytes).await {
        None => ErrorResponse::undocumented(413, "Request Entity Too Large").into_response(),
        Some(body) => {
            // Recorded before the response is decided, because tests inspect what a retry sent.
            let parsed = ParsedRequest::read(&content_type, body).await;
            if let Ok(parsed) = &parsed {
                let state = &app.state;
                state.update(id, |recorded| parsed.describe(endpoint, recorded));
            }
            match scenario {
                None => ErrorResponse::documented(401, "Invalid API key").into_response(),
                Some(scenario) => run_step(app, endpoint, scenario, parsed).await,
            }
        }
    };
    if !is_hang_up(&response) {
        let status = response.status().as_u16();
        app.state
            .update(id, |recorded| recorded.status = Some(status));
    }
    response
}

/// A request with a valid form.
struct ParsedRequest {
    form: Form,
    /// `None` if the audio is missing or cannot be decoded.
    decoded: Option<Decoded>,
}

impl ParsedRequest {
    async fn read(content_type: &str, body: Bytes) -> Result<Self, ErrorResponse> {
        let form = Form::read(content_type, body).await?;
        let file = form
            .file
            .as_ref()
            .map(|file| (file.bytes.to_vec(), file.name.clone()));
        // Runs on a thread of its own because decoding takes long, and because the library panics
        // on some headers. A panic counts as undecodable.
        let decoding = tokio::task::spawn_blocking(|| {
            let (bytes, name) = file?;
            decode(bytes, &name)
        });
        let decoded = decoding.await.ok().flatten();
        Ok(ParsedRequest { form, decoded })
    }

    fn describe(&self, endpoint: Endpoint, recorded: &mut RecordedRequest) {
        recorded.fields.clone_from(&self.form.names);
        recorded.options = self.form.text(endpoint.options_field()).map(str::to_owned);
        recorded.file = self.form.file.as_ref().map(|file| RecordedFile {
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            bytes: file.bytes.len(),
            facts: self.decoded.as_ref().map(|decoded| decoded.facts.clone()),
            audio: file.bytes.clone(),
        });
    }
}

async fn run_step(
    app: &AppState,
    endpoint: Endpoint,
    scenario: &'static Scenario,
    parsed: Result<ParsedRequest, ErrorResponse>,
) -> Response {
    match app.state.next_step(scenario) {
        Step::Serve => {}
        Step::Delay(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
        Step::Hang => std::future::pending().await,
        Step::Drop => return hang_up(),
        Step::Error(status, start) => {
            return ErrorResponse::documented(status, start).into_response();
        }
        Step::RateLimited(seconds) => {
            let error = ErrorResponse::documented(429, "Rate limit").retry_after(seconds);
            return error.into_response();
        }
        Step::RawResponse(status, content_type, body) => {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            return (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
        }
    }
    match respond(app, endpoint, scenario, parsed).await {
        Ok(result) => Json(result).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Responds by the API's rules, in the order in which the API checks them.
async fn respond(
    app: &AppState,
    endpoint: Endpoint,
    scenario: &'static Scenario,
    parsed: Result<ParsedRequest, ErrorResponse>,
) -> Result<Value, ErrorResponse> {
    let AppState {
        config,
        state,
        listening,
        ..
    } = app;
    state.admit(scenario, endpoint)?;
    let ParsedRequest { form, decoded } = parsed?;
    let options = form.call_options(endpoint)?;
    let decoded = decoded.ok_or_else(|| ErrorResponse::documented(400, "Invalid audio"))?;
    state.charge(scenario, endpoint, decoded.facts.duration_seconds)?;
    let Some(listener) = config.listener.clone() else {
        return analyze(endpoint, &decoded, &options, None);
    };
    // One recording at a time, because of the memory. Other requests wait without a thread.
    let permit = listening.clone().acquire_owned().await;
    let analysis = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        analyze(endpoint, &decoded, &options, Some(&listener))
    });
    let failed = |_| Err(ErrorResponse::documented(500, "Internal"));
    analysis.await.unwrap_or_else(failed)
}
