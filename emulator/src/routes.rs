//! The API's endpoints, and the emulator's own for looking at what arrived.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use thetaone_web::core::request::Endpoint;

use crate::Config;
use crate::analysis::analyse;
use crate::connection::{hang_up, is_hang_up, whole_body};
use crate::decode::{Decoded, decode};
use crate::form::Form;
use crate::ledger::{Ledger, Seen, SeenFile};
use crate::refusal::Refusal;
use crate::scenario::{SCENARIOS, Scenario, Step};

struct Emulation {
    config: Config,
    ledger: Ledger,
}

/// The routes, to be served by [`crate::connection`].
pub(crate) fn router(config: Config) -> Router {
    let emulation = Arc::new(Emulation {
        config,
        ledger: Ledger::default(),
    });
    let mut router = Router::new()
        .route("/scenarios", get(scenarios))
        .route("/requests", get(requests).delete(reset))
        .route("/requests/{id}/audio", get(audio));
    for &endpoint in Endpoint::ALL {
        let handler = move |State(emulation): State<Arc<Emulation>>, request: Request| async move {
            answer(&emulation, endpoint, request).await
        };
        router = router.route(endpoint.path(), post(handler));
    }
    router
        .with_state(emulation)
        .layer(middleware::from_fn(allow_other_origins))
}

/// Pages under test come from other ports.
async fn allow_other_origins(request: Request, next: Next) -> Response {
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    const ALLOWED: [(HeaderName, &str); 4] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
    ];
    for (name, value) in ALLOWED {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
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
    match serve(&emulation.ledger, endpoint, scenario, arrival) {
        Ok(result) => Json(result).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// By the API's own rules, in the order in which the API checks them.
fn serve(
    ledger: &Ledger,
    endpoint: Endpoint,
    scenario: &'static Scenario,
    arrival: Result<Arrival, Refusal>,
) -> Result<Value, Refusal> {
    ledger.admit(scenario, endpoint)?;
    let Arrival { form, decoded } = arrival?;
    let task = form.task(endpoint)?;
    let decoded = decoded.ok_or_else(|| Refusal::row(400, "Invalid audio"))?;
    ledger.charge(scenario, endpoint, decoded.facts.duration_seconds)?;
    analyse(endpoint, &decoded, &task)
}
