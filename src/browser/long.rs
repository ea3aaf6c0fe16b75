//! Recordings that are too long for one request: cut in pauses, sent part by
//! part as any other call, and put together again.
//!
//! [`parts`] cuts, [`sending`] sends, [`board`] tells how far it is, [`outcome`]
//! makes one result of all or says what is missing, and [`resume`] reads that
//! again.

mod board;
mod outcome;
mod parts;
mod resume;
mod sending;

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::client::Shared;
use super::error::{Account, Rejection};
use super::input::{self, Options};
use super::scope::Scope;
use crate::core::audio::split::PART_SECONDS;
use crate::core::options::LONG_REQUEST;
use crate::core::request::{Components, Endpoint, text_fields};
use board::Board;
use outcome::Outcome;
use parts::Parts;
use resume::Resume;
use sending::Sender;

/// The method of `ThetaOne`.
pub const METHOD: &str = "transcribeLong";

/// Transcribes all of `audio`; gives one result with all of its parts.
pub async fn run(
    client: Rc<Shared>,
    audio: JsValue,
    options: JsValue,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let account = Account {
        endpoint: Some(Endpoint::Transcribe),
        ..client.account()
    };
    let request = match Options::read("request", &request, LONG_REQUEST) {
        Ok(request) => request,
        Err(rejection) => return Err(rejection.into_js(&account)),
    };
    let own = client.options.for_call(&request.data);
    let scope = client.scope(request.signal(), own.deadline_ms);
    let board = Rc::new(Board::new(
        request.function("onProgress"),
        own.retry.max_attempts,
    ));
    board.tell();
    let (parts, mut outcomes) = match cut(&scope, &audio, &options, &request).await {
        Ok(ready) => ready,
        Err(rejection) => return Err(rejection.into_js(&account)),
    };
    board.know(parts.spans.iter().zip(&outcomes));
    let sender = Sender {
        client,
        account,
        options,
        request,
        scope,
        parts: Rc::new(parts),
        board,
    };
    let ending = sender.send(&mut outcomes).await;
    outcome::of_all(&sender.parts, &outcomes, ending)
}

/// The parts, and what is known of each already. A mistake in the call is told
/// before the recording is looked at.
async fn cut(
    scope: &Scope,
    audio: &JsValue,
    options: &JsValue,
    request: &Options,
) -> Result<(Parts, Vec<Outcome>), Rejection> {
    let data = input::endpoint_options(options)?;
    text_fields(Endpoint::Transcribe, &data, Components::Missing)?;
    let resumed = Resume::read(&request.get("resume"))?;
    let seconds = request.data.get("maxPartSeconds").number();
    let cutting = Parts::of(audio, seconds.unwrap_or(PART_SECONDS), resumed.as_ref());
    let parts = scope.guard_any(cutting).await??;
    let outcomes = match resumed {
        Some(resumed) => resumed.outcomes,
        None => vec![Outcome::Missing; parts.spans.len()],
    };
    Ok((parts, outcomes))
}
