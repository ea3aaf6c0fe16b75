//! The API's endpoints, and the emulator's own for looking at what arrived.

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
use crate::analysis::analyse;
use crate::connection::{hang_up, is_hang_up, whole_body};
use crate::decode::{Decoded, decode};
use crate::error_response::Refusal;
use crate::form::Form;
use crate::scenario::{SCENARIOS, Scenario, Step};
use crate::state::{Ledger, Seen, SeenFile};

struct Emulation {
    config: Config,
    hosts: Hosts,
    ledger: Ledger,
    listening: Arc<Semaphore>,
}

/// The routes, to be served by [`crate::connection`].
pub(crate) fn router(config: Config) -> Router {
    let hosts = Hosts {
        port: None,
        named: config.allowed_hosts.clone(),
    };
    let emulation = Arc::new(Emulation {
        config,
        hosts,
        ledger: Ledger::default(),
        listening: Arc::new(Semaphore::new(1)),
    });
    // Recordings, and the power to forget them, are for this server's own pages and for those
    // that were named; the API, as in an application under test, for pages of other ports too.
    let views = Router::new()
        .route("/scenarios", get(scenarios))
        .route("/requests", get(requests).delete(reset))
        .route("/requests/{id}/audio", get(audio))
        .layer(from_fn_with_state(emulation.clone(), guard_views));
    let mut api = Router::new();
    for &endpoint in Endpoint::ALL {
        let handler = move |State(emulation): State<Arc<Emulation>>, request: Request| async move {
            answer(&emulation, endpoint, request).await
        };
        api = api.route(endpoint.path(), post(handler));
    }
    let api = api.layer(from_fn_with_state(emulation.clone(), guard_api));
    // After the fallback, so that a path without a route is guarded too.
    let other = Router::new()
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(emulation.clone(), guard_views));
    views.merge(api).merge(other).with_state(emulation)
}

async fn guard_views(
    State(emulation): State<Arc<Emulation>>,
    request: Request,
    next: Next,
) -> Response {
    guard(&emulation, request, next, |_| false).await
}

async fn guard_api(
    State(emulation): State<Arc<Emulation>>,
    request: Request,
    next: Next,
) -> Response {
    guard(&emulation, request, next, is_loopback_origin).await
}

/// Answers only requests by a host of this server's, from its own pages, from origins that were
/// named or that `accepts` knows, or from no page at all.
async fn guard(
    emulation: &Emulation,
    request: Request,
    next: Next,
    accepts: fn(&str) -> bool,
) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = emulation.hosts.check(&parts) else {
        return wrong_host();
    };
    let origin = single(&parts.headers, header::ORIGIN).flatten();
    let named = &emulation.config.allowed_origins;
    let other_origin = origin
        .filter(|origin| accepts(origin) || named.iter().any(|named| named == origin))
        .and_then(|origin| HeaderValue::from_str(origin).ok());
    let is_allowed = other_origin.is_some()
        || match emulation.hosts.source(&parts, host) {
            // A key has to be sent along, which a page can send to its own origin only.
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
        // For browsers that do not say which page wants to embed a recording.
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

async fn requests(State(emulation): State<Arc<Emulation>>) -> Json<Vec<Seen>> {
    Json(emulation.ledger.requests())
}

async fn reset(State(emulation): State<Arc<Emulation>>) -> StatusCode {
    emulation.ledger.reset();
    StatusCode::NO_CONTENT
}

async fn audio(State(emulation): State<Arc<Emulation>>, Path(id): Path<u64>) -> Response {
    let requests = emulation.ledger.requests();
    let file = requests
        .into_iter()
        .find(|seen| seen.id == id)
        .and_then(|seen| seen.file);
    match file {
        Some(file) => file.audio.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn answer(emulation: &Emulation, endpoint: Endpoint, request: Request) -> Response {
    let key = request
        .headers()
        .get("x-api-key")
        .and_then(|key| key.to_str().ok());
    let scenario = key.and_then(Scenario::of_key);
    let id = emulation.ledger.remember(endpoint, scenario);
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let response = match whole_body(request.into_body(), emulation.config.max_upload_bytes).await {
        None => Refusal::other(413, "Request Entity Too Large").into_response(),
        Some(body) => {
            // Whatever the answer will be: tests look at what a retry carried.
            let arrival = Arrival::read(&content_type, body).await;
            if let Ok(arrival) = &arrival {
                let ledger = &emulation.ledger;
                ledger.amend(id, |seen| arrival.describe(endpoint, seen));
            }
            match scenario {
                None => Refusal::row(401, "Invalid API key").into_response(),
                Some(scenario) => play(emulation, endpoint, scenario, arrival).await,
            }
        }
    };
    if !is_hang_up(&response) {
        let status = response.status().as_u16();
        emulation
            .ledger
            .amend(id, |seen| seen.status = Some(status));
    }
    response
}

/// A request whose form could be read.
struct Arrival {
    form: Form,
    /// `None` where the audio is missing or cannot be decoded.
    decoded: Option<Decoded>,
}

impl Arrival {
    async fn read(content_type: &str, body: Bytes) -> Result<Self, Refusal> {
        let form = Form::read(content_type, body).await?;
        let file = form
            .file
            .as_ref()
            .map(|file| (file.bytes.to_vec(), file.name.clone()));
        // On a thread of its own because it takes long, and because the library
        // panics on some headers: those cannot be decoded either.
        let decoding = tokio::task::spawn_blocking(|| {
            let (bytes, name) = file?;
            decode(bytes, &name)
        });
        let decoded = decoding.await.ok().flatten();
        Ok(Arrival { form, decoded })
    }

    fn describe(&self, endpoint: Endpoint, seen: &mut Seen) {
        seen.fields.clone_from(&self.form.names);
        seen.options = self.form.text(endpoint.options_field()).map(str::to_owned);
        seen.file = self.form.file.as_ref().map(|file| SeenFile {
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            bytes: file.bytes.len(),
            facts: self.decoded.as_ref().map(|decoded| decoded.facts.clone()),
            audio: file.bytes.clone(),
        });
    }
}

async fn play(
    emulation: &Emulation,
    endpoint: Endpoint,
    scenario: &'static Scenario,
    arrival: Result<Arrival, Refusal>,
) -> Response {
    match emulation.ledger.next_step(scenario) {
        Step::Serve => {}
        Step::Late(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
        Step::Hang => std::future::pending().await,
        Step::Drop => return hang_up(),
        Step::Refuse(status, start) => return Refusal::row(status, start).into_response(),
        Step::TooMany(seconds) => {
            let refusal = Refusal::row(429, "Rate limit").retry_after(seconds);
            return refusal.into_response();
        }
        Step::Raw(status, content_type, body) => {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            return (status, [(header::CONTENT_TYPE, content_type)], body).into_response();
        }
    }
    match serve(emulation, endpoint, scenario, arrival).await {
        Ok(result) => Json(result).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// By the API's own rules, in the order in which the API checks them.
async fn serve(
    emulation: &Emulation,
    endpoint: Endpoint,
    scenario: &'static Scenario,
    arrival: Result<Arrival, Refusal>,
) -> Result<Value, Refusal> {
    let Emulation {
        config,
        ledger,
        listening,
        ..
    } = emulation;
    ledger.admit(scenario, endpoint)?;
    let Arrival { form, decoded } = arrival?;
    let task = form.task(endpoint)?;
    let decoded = decoded.ok_or_else(|| Refusal::row(400, "Invalid audio"))?;
    ledger.charge(scenario, endpoint, decoded.facts.duration_seconds)?;
    let Some(listener) = config.listener.clone() else {
        return analyse(endpoint, &decoded, &task, None);
    };
    // One recording at a time, because of the memory. The others wait without a thread.
    let permit = listening.clone().acquire_owned().await;
    let analysis = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        analyse(endpoint, &decoded, &task, Some(&listener))
    });
    let failed = |_| Err(Refusal::row(500, "Internal"));
    analysis.await.unwrap_or_else(failed)
}
